package main

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"net/http"

	"github.com/go-zeromq/zmq4"
)

// post is answered once the rows are taken, with the version that shows them.
func post(gateway, query string, stream []byte) error {
	url := gateway + "/tables/weather?" + query
	answer, err := http.Post(url, "application/vnd.apache.arrow.stream", bytes.NewReader(stream))
	if err != nil {
		return err
	}
	defer answer.Body.Close()
	text, _ := io.ReadAll(answer.Body)
	if answer.StatusCode != http.StatusOK {
		return fmt.Errorf("refused: %s", text)
	}
	fmt.Println(string(text))
	return nil
}

// push sends over ZeroMQ, where no answer comes.
func push(address, header string, stream []byte) error {
	socket := zmq4.NewPush(context.Background())
	defer socket.Close()
	if err := socket.Dial(address); err != nil {
		return err
	}
	return socket.SendMulti(zmq4.NewMsgFrom([]byte("weather"), []byte(header), stream))
}
