package core_test

import (
	"context"
	"fmt"
	"log"

	"magpie/app/core"
	"magpie/im"
	"magpie/store"
)

// A bot that answers every text with the same text.
func Example() {
	ctx := context.Background()
	st, _, err := store.Open("parrot.db", store.Options{Account: "parrot"})
	if err != nil {
		log.Fatal(err)
	}
	defer st.Close()
	c, err := core.New(core.Options{Store: st, Server: "chat.example.org", User: "parrot", Password: "secret", Platform: "bot"})
	if err != nil {
		log.Fatal(err)
	}
	defer c.Close()
	sub := c.Subscribe()
	c.Start(ctx)
	for e := range sub.Events() {
		switch e := e.(type) {
		case core.MessageReceived:
			for _, m := range e.Messages {
				text, isText := m.Payload.(im.TextPayload)
				if !isText || m.Flow == im.FlowOut {
					continue
				}
				answer := c.CreateTextMessage(im.ConvC2C, string(m.From), text.Text)
				if _, err := c.SendMessage(ctx, answer, im.SendOptions{}); err != nil {
					log.Print(err)
				}
			}
		case core.ErrorEvent:
			if e.SignIn {
				log.Fatal(e.Error) // no further attempt is made
			}
		}
	}
}

// All of a conversation's history, the newest page first.
func ExampleClient_GetMessageList() {
	var c *core.Client
	var next im.MessageID
	for {
		page, err := c.GetMessageList(context.Background(), im.C2C("bob"), next, 15)
		if err != nil {
			log.Fatal(err)
		}
		for _, m := range page.Messages {
			fmt.Println(m.Sequence, m.From, im.MessageForShow(m.Payload, im.English))
		}
		if page.IsCompleted || page.NextReqMessageID == "" {
			return
		}
		next = page.NextReqMessageID
	}
}
