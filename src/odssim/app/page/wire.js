// The websocket: requests out, notes and binary frames in. Comes back by itself when the server does.
export class Wire extends EventTarget {
  constructor() { super(); this.wait = 500; }

  connect() {
    const token = new URLSearchParams(location.search).get("token");
    const address = new URL("live", location.href.split(/[?#]/)[0]); // beside the page, wherever a proxy has put it
    address.protocol = location.protocol === "https:" ? "wss:" : "ws:";
    if (token) address.searchParams.set("token", token);
    this.socket = new WebSocket(address);
    this.socket.binaryType = "arraybuffer";
    this.socket.onmessage = (message) => this.take(message.data);
    this.socket.onclose = (event) => {
      this.dispatchEvent(new CustomEvent("lost", { detail: event.reason }));
      if (event.code !== 1008) setTimeout(() => this.connect(), this.wait);
      this.wait = Math.min(8000, this.wait * 2);
    };
  }

  take(data) {
    if (typeof data === "string") {
      const note = JSON.parse(data);
      if (note.is === "hello") this.wait = 500;
      this.dispatchEvent(new CustomEvent(note.is, { detail: note }));
    } else {
      this.dispatchEvent(new CustomEvent("frame", { detail: readFrame(data) }));
    }
  }

  send(request) {
    if (this.socket.readyState === WebSocket.OPEN) this.socket.send(JSON.stringify(request));
  }
}

export function readFrame(buffer) {
  const [pane, minute, n, total, reset] = new Int32Array(buffer, 0, 6);
  let at = 24;
  const column = () => { const found = new Uint16Array(buffer, at, n); at += 2 * n; return found; };
  return { pane: "ab"[pane], minute, n, total, reset, index: column(), x: column(), y: column(), ahead: column(),
    look: new Uint8Array(buffer, at, n) };
}
