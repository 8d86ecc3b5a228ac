package server

import (
	"time"

	"magpie/im"
	"magpie/internal/seal"
)

// Options say how a server is run. Only Data is needed.
type Options struct {
	// Data is the folder of everything the server keeps; made if missing.
	Data string
	// Key encrypts what lies there; nil means that it is not encrypted. What lies open
	// from before is encrypted when the server is opened, files in the background. With
	// Unseal the folder opens without a key from then on, and Key is for this time.
	Key    *seal.Key
	Unseal bool
	// Listen is the address of the gateway, host:port; port 0 takes a free one.
	// Default 127.0.0.1:0.
	Listen string
	// SDKAppID is the application that UserSigs are for. 0 keeps the one of the
	// data folder (1400000001 in a new one).
	SDKAppID int
	// Echo makes the account "echo", which answers every text it gets
	// one-to-one with the same text.
	Echo bool
	// Origins are the origins (scheme://host) from which browsers may connect.
	// Requests without an Origin header are not from a browser and always may.
	Origins []string
	// Logf gets what an operator should know. Nothing is logged without it.
	Logf func(format string, args ...any)
	// Now is the clock, time.Now if nil.
	Now func() time.Time

	// Partitions is the number of log streams, fixed when the folder is made.
	// Default 4; up to 100.
	Partitions int
	// MaxStoreBytes bounds what the server keeps; 0 means what is free on the
	// disk when it is opened, less ReserveBytes.
	MaxStoreBytes int64
	// ReserveBytes must stay free on the disk, or messages are refused with
	// im.CodeDiskFull. Default 64 MB.
	ReserveBytes int64
	// DedupeWindow is how long the log itself recognises a message id; after it
	// the server looks through what came since. Default 15 minutes.
	DedupeWindow time.Duration
	// ActorIdle is how long a conversation's goroutine outlives its last
	// message. Default 10 s.
	ActorIdle time.Duration
	// MessagesPerSecond bounds what one user sends, with bursts of twice as
	// many. Default im.UserMessagesPerSecond.
	MessagesPerSecond int
	// RevokeWindow is how long a sender may recall a message, by the server's
	// clock. Default im.RevokeWindow; below 0 there is no limit of time.
	RevokeWindow time.Duration
	// GroupMessagesPerSecond bounds what all members of a group send together.
	// Default im.GroupMessagesPerSecond.
	GroupMessagesPerSecond int
	// SingleDevice are the platforms (the "platform" of a sign-in) of which a user
	// has one session at a time: a new one ends the older.
	SingleDevice []string
	// MaxConnections bounds the connections of one user. Default 10.
	MaxConnections int
	// MaxSignInFailures bounds failed sign-ins of one user from one address
	// within 5 minutes; an address as a whole has five times as many. Default 10.
	MaxSignInFailures int
	// Notifier, if there is one, tells people without a connection of messages.
	Notifier Notifier
	// Quiet opens the server without gateway and administration endpoint, for
	// tools that change its data.
	Quiet bool
}

// defaultPartitions lets four messages wait for the disk at once, which it then
// takes in one go. Whoever makes the folder, the window, the server or a tool
// that adds a user, makes it so.
const defaultPartitions = 4

func (o Options) withDefaults() Options {
	set := func(d *time.Duration, v time.Duration) {
		if *d <= 0 {
			*d = v
		}
	}
	setInt := func(n *int, v int) {
		if *n <= 0 {
			*n = v
		}
	}
	if o.Listen == "" {
		o.Listen = "127.0.0.1:0"
	}
	if o.Logf == nil {
		o.Logf = func(string, ...any) {}
	}
	if o.Now == nil {
		o.Now = time.Now
	}
	if o.ReserveBytes <= 0 {
		o.ReserveBytes = 64 << 20
	}
	set(&o.DedupeWindow, 15*time.Minute)
	set(&o.ActorIdle, 10*time.Second)
	setInt(&o.Partitions, defaultPartitions)
	o.Partitions = min(o.Partitions, 100)
	setInt(&o.MessagesPerSecond, im.UserMessagesPerSecond)
	if o.RevokeWindow == 0 {
		o.RevokeWindow = im.RevokeWindow
	}
	setInt(&o.GroupMessagesPerSecond, im.GroupMessagesPerSecond)
	setInt(&o.MaxConnections, 10)
	setInt(&o.MaxSignInFailures, 10)
	return o
}
