"""A webhook receiver as an agent's author would write it: verifies the signature, parses the body,
and keeps nothing.

usage: fastapi_receiver.py PORT SECRET
"""
import hashlib
import hmac
import json
import sys

import uvicorn
from fastapi import FastAPI, HTTPException, Request

SECRET = sys.argv[2].encode()
app = FastAPI()


@app.post("/memorypro/webhook")
async def receive(request: Request):
    body = await request.body()
    expected = "sha256=" + hmac.new(SECRET, body, hashlib.sha256).hexdigest()
    if not hmac.compare_digest(request.headers.get("x-memorypro-signature", ""), expected):
        raise HTTPException(401, "Invalid signature")
    if not isinstance(json.loads(body), dict):
        raise HTTPException(400, "Not a JSON object")
    return {"status": "received"}


if __name__ == "__main__":
    uvicorn.run(app, host="127.0.0.1", port=int(sys.argv[1]), loop="uvloop", http="httptools",
                log_level="warning", access_log=False)
