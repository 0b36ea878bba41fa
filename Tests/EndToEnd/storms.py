"""Many requests at once, on plain sockets: cheap enough to send ten thousand from one thread."""
import asyncio
import json


class Connection:
    """One kept HTTP/1.1 connection."""

    def __init__(self, port):
        self.port, self.reader, self.writer = port, None, None

    async def send(self, method, path, key, body=None, headers=None):
        """Status, headers, body."""
        if self.writer is None:
            self.reader, self.writer = await asyncio.open_connection("127.0.0.1", self.port)
        data = json.dumps(body).encode() if body is not None else b""
        lines = [f"{method} {path} HTTP/1.1", "Host: localhost", f"Authorization: Bearer {key}", f"Content-Length: {len(data)}"]
        if body is not None:
            lines.append("Content-Type: application/json")
        lines += [f"{name}: {value}" for name, value in (headers or {}).items()]
        self.writer.write("\r\n".join(lines).encode() + b"\r\n\r\n" + data)
        await self.writer.drain()
        head = (await self.reader.readuntil(b"\r\n\r\n")).decode().split("\r\n")
        fields = {name.lower(): value.strip() for name, _, value in (line.partition(":") for line in head[1:] if line)}
        return int(head[0].split()[1]), fields, await self.reader.readexactly(int(fields.get("content-length", 0)))

    def close(self):
        if self.writer:
            self.writer.close()


async def repeat(port, key, brand, rounds, width=16):
    """In each round `width` identical POSTs at once with one Idempotency-Key; what each was answered."""
    connections = [Connection(port) for _ in range(width)]
    results = []
    for number in range(rounds):
        body = {"brandId": brand, "caption": f"round {number}", "platforms": ["mastodon"], "externalRef": f"storm-{number}"}
        headers = {"Idempotency-Key": f"storm-{number}"}
        send = lambda c: c.send("POST", "/api/posts", key, body, headers)
        results.append(await asyncio.gather(*(send(c) for c in connections)))
    for connection in connections:
        connection.close()
    return results


async def flood(port, key, connections, total):
    """`total` requests over that many connections, all busy at once; statuses, and the hours that they were counted in."""
    left, statuses, hours = iter(range(total)), {}, set()
    opened = [Connection(port) for _ in range(connections)]

    async def work(connection):
        for _ in left:
            status, headers, _ = await connection.send("GET", "/api/me", key)
            statuses[status] = statuses.get(status, 0) + 1
            hours.add(headers["x-ratelimit-reset"])
        connection.close()

    # Connections are opened a few hundred at a time, so that none is turned away by a full backlog.
    gate = asyncio.Semaphore(200)

    async def open_first(connection):
        async with gate:
            connection.reader, connection.writer = await asyncio.open_connection("127.0.0.1", port)

    await asyncio.gather(*(open_first(c) for c in opened))
    await asyncio.gather(*(work(c) for c in opened))
    return statuses, hours
