import { isBypassed } from '../../../src/outgoing/no-proxy.ts';

describe('NO_PROXY', () => {
  it.each([
    ['*', 'https://anything.example'],
    ['console.jumpcloud.com', 'https://console.jumpcloud.com/api'],
    ['jumpcloud.com', 'https://console.jumpcloud.com'],
    ['.jumpcloud.com', 'https://console.jumpcloud.com'],
    ['*.jumpcloud.com', 'https://console.jumpcloud.com'],
    ['JumpCloud.COM', 'https://console.jumpcloud.com'],
    ['jumpcloud.com.', 'https://console.jumpcloud.com'],
    ['jumpcloud.com', 'https://console.jumpcloud.com.'],
    ['a.example, ,jumpcloud.com', 'https://jumpcloud.com'],
    ['a.example jumpcloud.com', 'https://jumpcloud.com'],
    ['jumpcloud.com:443', 'https://console.jumpcloud.com'],
    ['alerts.example:80', 'http://alerts.example/in'],
    ['alerts.example:8443', 'https://alerts.example:8443'],
    ['münchen.example', 'https://rathaus.xn--mnchen-3ya.example'],
    ['localhost', 'http://localhost:4010'],
    ['127.0.0.1', 'http://127.0.0.1:4010'],
    ['127.0.0.1:4010', 'http://127.0.0.1:4010'],
    ['10.0.0.0/8', 'https://10.200.3.4'],
    ['::1', 'http://[::1]:4010'],
    ['[::1]', 'http://[::1]:4010'],
    ['[::1]:4010', 'http://[::1]:4010'],
    ['0:0::1', 'http://[::1]'],
    ['fd00::/8', 'https://[fd12::3]'],
  ])('%s names the host of %s', (noProxy, url) => {
    expect(isBypassed(noProxy, new URL(url))).toBe(true);
  });

  it.each([
    ['', 'https://console.jumpcloud.com'],
    [' , ', 'https://console.jumpcloud.com'],
    ['cloud.com', 'https://console.jumpcloud.com'],
    ['.console.jumpcloud.com', 'https://console.jumpcloud.com'],
    ['console.jumpcloud.com', 'https://jumpcloud.com'],
    ['jumpcloud.com:8443', 'https://console.jumpcloud.com'],
    ['https://console.jumpcloud.com', 'https://console.jumpcloud.com'],
    ['.', 'https://console.jumpcloud.com'],
    ['**', 'https://console.jumpcloud.com'],
    ['localhost', 'http://127.0.0.1'],
    ['10.0.0.0/8', 'https://11.0.0.1'],
    ['10.0.0.0/33', 'https://10.0.0.1'],
    ['10.0.0.0/x', 'https://10.0.0.1'],
    ['10.0.0.0/8', 'https://10.example'],
    ['127.0.0.1:80', 'http://127.0.0.1:4010'],
    ['0.1', 'http://127.0.0.1'],
    ['fd00::/8', 'https://[fe80::1]'],
    ['::1', 'http://127.0.0.1'],
  ])('%s does not name the host of %s', (noProxy, url) => {
    expect(isBypassed(noProxy, new URL(url))).toBe(false);
  });

  it('is read in linear time', () => {
    const [url, text] = [new URL('https://console.jumpcloud.com'), '[.*:1'.repeat(200_000)];
    const startedMs = performance.now();
    isBypassed(text, url);
    isBypassed(','.repeat(1_000_000), url);
    expect(performance.now() - startedMs).toBeLessThan(1000);
  });
});
