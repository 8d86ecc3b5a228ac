package app

import "magpie/server"

// Settings that could not be read are told once, and where they are made, until they are
// made again. Until then nothing is written over what is there.

// tellUnread tells of them when the main screen begins.
func (m *mainScreen) tellUnread() {
	if a := m.app; a.wayUnread && !a.wayTold {
		a.wayTold = true
		a.say(m.tr.T("network.unread"))
	}
	if !m.mayHost() {
		return
	}
	beside(m.ctx, m.s.host.Network, func(now server.Network, err error) {
		if err != nil {
			m.app.log("how the server stands to the network: %v", err)
			return
		}
		m.learnNetwork(now)
		if now.Damaged && !m.s.networkTold {
			m.s.networkTold = true
			m.app.say(m.tr.T("hosting.damaged"))
		}
	})
}

// learnNetwork remembers whether what was decided for the server inside can be read.
func (m *mainScreen) learnNetwork(now server.Network) { m.s.networkDamaged = now.Damaged }

// hostingNote stands in the settings beside what opens the server inside.
func (m *mainScreen) hostingNote() string {
	if m.s.networkDamaged {
		return m.tr.T("hosting.damaged")
	}
	return m.tr.T("hosting.settingsNote")
}
