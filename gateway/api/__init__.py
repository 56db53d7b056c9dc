"""The gateway's doors: gRPC and HTTP/JSON from the same messages."""
