// Publishes a small table as one Arrow stream: go run . [ADDRESS [HOW]]
// ADDRESS: a gateway's http://127.0.0.1:8080, or its PULL socket, tcp://127.0.0.1:5413. HOW: what the rows do, by HTTP as a
// query, "op=upsert&key=city", over ZeroMQ as a header, {"op":"upsert","key":"city"}; without it they are the whole table.
package main

import (
	"bytes"
	"log"
	"os"
	"strings"

	"github.com/apache/arrow-go/v18/arrow"
	"github.com/apache/arrow-go/v18/arrow/array"
	"github.com/apache/arrow-go/v18/arrow/ipc"
	"github.com/apache/arrow-go/v18/arrow/memory"
)

func main() {
	address, how := "http://127.0.0.1:8080", ""
	if len(os.Args) > 1 {
		address = os.Args[1]
	}
	if len(os.Args) > 2 {
		how = os.Args[2]
	}
	send := post
	if strings.HasPrefix(address, "tcp:") {
		send = push
	}
	if err := send(address, how, weather()); err != nil {
		log.Fatal(err)
	}
}

func weather() []byte {
	schema := arrow.NewSchema([]arrow.Field{
		{Name: "city", Type: arrow.BinaryTypes.String},
		{Name: "celsius", Type: arrow.PrimitiveTypes.Float64},
	}, nil)
	rows := array.NewRecordBuilder(memory.DefaultAllocator, schema)
	rows.Field(0).(*array.StringBuilder).AppendValues([]string{"Oslo", "Rome"}, nil)
	rows.Field(1).(*array.Float64Builder).AppendValues([]float64{4.5, 17}, nil)
	var stream bytes.Buffer
	writer := ipc.NewWriter(&stream, ipc.WithSchema(schema))
	if err := writer.Write(rows.NewRecordBatch()); err != nil {
		log.Fatal(err)
	}
	writer.Close() // writes the stream's end too
	return stream.Bytes()
}
