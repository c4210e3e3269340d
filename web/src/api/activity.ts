let lastInputMs = 0;
let lastToldMs = -1;

for (const type of ['pointerdown', 'keydown', 'wheel']) {
  addEventListener(type, () => (lastInputMs = Date.now()), { capture: true, passive: true });
}

/** Whether the user did something since a request last said so; polls alone let a session end. */
export function takeActivity(): 'yes' | 'no' {
  if (lastInputMs <= lastToldMs) return 'no';
  lastToldMs = lastInputMs;
  return 'yes';
}
