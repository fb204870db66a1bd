// Runs before the terminal's own script: that one keeps its socket to itself.
const ASK_MS = 2000; // how often the computer is asked whether it is there
const LATE_MS = 5000; // after so long without a word, what stands here is old
const GONE_MS = 25000; // by then the server has given this page up

const onTouch = window.matchMedia("(pointer: coarse)");
let socket = null;
let heard = 0;
let awake = null;

window.WebSocket = class extends window.WebSocket {
  constructor(...where) {
    super(...where);
    socket = this;
    this.addEventListener("open", begin);
    this.addEventListener("message", hear);
    this.addEventListener("close", end);
  }
};

function begin() {
  heard = performance.now();
  window.setInterval(ask, ASK_MS);
  stayAwake();
  const typed = document.querySelector(".xterm-helper-textarea");
  if (typed !== null) {
    typed.inputMode = onTouch.matches ? "none" : ""; // a keyboard would cover half the screen
    typed.focus({ preventScroll: true });
  }
}

function hear(message) {
  heard = performance.now();
  document.body.classList.remove("-late");
  if (message.data === '["pong", "there"]') {
    message.stopImmediatePropagation();
  }
}

function isOpen() {
  return socket !== null && socket.readyState === socket.OPEN;
}

function ask() {
  if (!isOpen()) {
    return;
  }
  const silent = performance.now() - heard;
  document.body.classList.toggle("-late", silent > LATE_MS);
  if (silent > GONE_MS) {
    end();
    socket.close();
  } else {
    socket.send(JSON.stringify(["ping", "there"]));
  }
}

function end(closed) {
  const left = closed === undefined || !closed.wasClean;
  document.body.classList.toggle("-cut", left || document.body.classList.contains("-cut"));
  document.body.classList.add("-closed");
  awake?.release();
}

async function stayAwake() {
  try {
    awake = await navigator.wakeLock.request("screen");
  } catch {
    awake = null; // not on this browser, or not while it is behind another one
  }
}

async function again() {
  document.body.classList.remove("-unreached");
  try {
    await window.fetch("/", { signal: AbortSignal.timeout(LATE_MS) });
    window.location.reload();
  } catch {
    document.body.classList.add("-unreached");
  }
}

function press(key) {
  if (isOpen()) {
    socket.send(JSON.stringify(["stdin", key]));
  }
}

document.addEventListener("visibilitychange", () => {
  if (document.visibilityState === "visible" && isOpen()) {
    heard = performance.now(); // nobody asked meanwhile
    stayAwake();
  }
});

window.addEventListener("load", () => {
  document.getElementById("again").addEventListener("click", again);
  for (const button of document.querySelectorAll("[data-key]")) {
    button.addEventListener("click", () => press(button.dataset.key));
  }
});
