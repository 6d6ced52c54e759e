"""Stores memories in the cloud with httpx, as an agent without the daemon would: one asynchronous
client, keep-alive, so many requests in flight. Prints the seconds from the first to the last.

usage: httpx_client.py URL CA_FILE MEMORIES CONNECTIONS
"""
import asyncio
import ssl
import sys
import time
import uuid

import httpx

CONTENT = "memory " * 71  # about 500 bytes, with the number that makes each another


async def store_some(client, numbers):
    for number in numbers:
        answer = await client.post(
            "/api/v1/memory/store",
            json={"content": f"{CONTENT}{number}", "metadata": {}, "session_id": None,
                  "agent_id": None, "timestamp": "2025-01-08T12:00:00Z",
                  "user_id": f"user-{number % 50}", "memory_type": "conversation"},
            headers={"Idempotency-Key": str(uuid.uuid4())})
        answer.raise_for_status()


async def main(url, authority, memories, connections):
    limits = httpx.Limits(max_connections=connections, max_keepalive_connections=connections)
    headers = {"Authorization": "Bearer key", "X-API-Secret": "secret"}
    trust = ssl.create_default_context(cafile=authority)
    numbers = iter(range(memories))
    async with httpx.AsyncClient(base_url=url, headers=headers, verify=trust, limits=limits,
                                 timeout=60, trust_env=False) as client:
        begin = time.perf_counter()
        await asyncio.gather(*(store_some(client, numbers) for _ in range(connections)))
        print("seconds", time.perf_counter() - begin)


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1], sys.argv[2], int(sys.argv[3]), int(sys.argv[4])))
