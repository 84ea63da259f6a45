"""A backend of your own in one file: takes a burst as one batch, answers with one reply. Run: rafaga gateway --to http://127.0.0.1:5211"""
import base64, hashlib, hmac, json, os, sys, time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

SECRET = os.environ["RAFAGA__BACKEND__SECRET"].encode()


class Receiver(BaseHTTPRequestHandler):
    def do_POST(self):
        body = self.rfile.read(int(self.headers["content-length"]))
        batch_id, at = self.headers["webhook-id"], self.headers["webhook-timestamp"]
        digest = hmac.new(SECRET, f"{batch_id}.{at}.".encode() + body, hashlib.sha256).digest()
        expected = "v1," + base64.b64encode(digest).decode()
        signed = any(hmac.compare_digest(s, expected) for s in self.headers["webhook-signature"].split(" "))
        if self.path != "/webhook/batch":
            return self.answer(404, {"error": "There is only POST /webhook/batch."})
        if not signed or abs(time.time() - int(at)) > 300:
            return self.answer(401, {"error": "The signature or its time is wrong."})

        messages = json.loads(body)["messages"]
        texts = [m["update"].get("message", {}).get("text") for m in messages]
        text = f"{len(messages)} messages in one turn: {' / '.join(t for t in texts if t)}"
        self.answer(200, {"batch_id": batch_id, "status": "done", "text": text})

    def answer(self, status, content):
        body = json.dumps(content).encode()
        self.send_response(status)
        self.send_header("content-type", "application/json")
        self.send_header("content-length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)


ThreadingHTTPServer(("127.0.0.1", int(sys.argv[1])), Receiver).serve_forever()
