package play

// tell keeps e to be said, in its turn. p is locked.
func (p *Player) tell(e Event) {
	if n := len(p.told); n > 0 {
		// Of two positions in a row only the last is worth saying. So what waits stays
		// little, however slow say is.
		_, before := p.told[n-1].(Position)
		if _, now := e.(Position); before && now {
			p.told = p.told[:n-1]
		}
	}
	p.told = append(p.told, e)
	select {
	case p.news <- struct{}{}:
	default:
	}
}

// hush drops what was not said yet. p is locked.
func (p *Player) hush() { p.told = nil }

// speak says what was told. Nothing is locked then, so say may call the Player.
func (p *Player) speak() {
	for {
		select {
		case <-p.done:
			return
		case <-p.news:
		}
		for e := p.nextTold(); e != nil; e = p.nextTold() {
			p.say(e)
		}
	}
}

func (p *Player) nextTold() Event {
	p.mu.Lock()
	defer p.mu.Unlock()
	if len(p.told) == 0 {
		return nil
	}
	e := p.told[0]
	p.told = p.told[1:]
	return e
}
