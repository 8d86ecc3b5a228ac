// Package thumbs has the small pictures of messages ready for the window: it finds
// them on the disk or fetches them, decodes them to the size in which they are
// drawn, and keeps those used last in memory.
//
// [Loader.Get] answers at once, from any goroutine, with the best that is there:
// the picture, the preview that came within the message, or nothing. What is
// missing is brought beside it, and [Options.Changed] tells who asked to ask
// again.
//
// Promises:
//   - Decoded pictures take no more memory than [Options.Bytes], however many are
//     asked for. Each is no larger than it is drawn.
//   - What was asked for last comes first. Requests that many others overtook are
//     dropped: what they were for has left the screen.
//   - What is on the disk never waits for the network.
//   - What senders and servers deliver is only decoded by memory-safe code
//     ([magpie/media/picture]) or in isolation, and cannot ask for more than the
//     limits say. What is no picture is [Broken], what nothing decodes is
//     [None].
//
// The package knows no window and no messages: [Picture] says what it needs to.
package thumbs
