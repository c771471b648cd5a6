// SPDX-License-Identifier: GPL-3.0-only

// Reads an OTLP JSON lines file of traces as the OpenTelemetry Collector and Jaeger do, and prints each
// request as they write it again: otlp FILE.
package main

import (
	"bufio"
	"fmt"
	"os"

	"go.opentelemetry.io/collector/pdata/ptrace"
)

func main() {
	file, err := os.Open(os.Args[1])
	if err != nil {
		fail(0, err)
	}
	lines := bufio.NewScanner(file)
	lines.Buffer(nil, 1<<26)
	for number := 1; lines.Scan(); number++ {
		traces, err := (&ptrace.JSONUnmarshaler{}).UnmarshalTraces(lines.Bytes())
		if err != nil {
			fail(number, err)
		}
		again, err := (&ptrace.JSONMarshaler{}).MarshalTraces(traces)
		if err != nil {
			fail(number, err)
		}
		fmt.Printf("%s\n", again)
	}
	if err := lines.Err(); err != nil {
		fail(0, err)
	}
}

func fail(line int, err error) {
	fmt.Fprintf(os.Stderr, "line %d: %v\n", line, err)
	os.Exit(1)
}
