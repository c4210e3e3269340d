type News = 'signed-in' | 'signed-out';

const channel = new BroadcastChannel('rollcall-session');

/** Tells the other tabs of this browser. */
export function tellTabs(news: News): void {
  channel.postMessage(news);
}

/** Hears of other tabs until the returned function is called. */
export function hearTabs(hear: (news: News) => void): () => void {
  const listen = ({ data }: MessageEvent<unknown>) => {
    if (data === 'signed-in' || data === 'signed-out') hear(data);
  };
  channel.addEventListener('message', listen);
  return () => channel.removeEventListener('message', listen);
}
