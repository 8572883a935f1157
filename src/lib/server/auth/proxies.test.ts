import { describe, expect, it } from 'vitest';
import { createProxies } from './proxies.ts';

describe('where a request comes from', () => {
	const f = (peer: string, forwarded: string | undefined, address: string, trusted = ['10.0.0.0/8', '::1']) =>
		expect(
			createProxies(trusted).addressOf({
				socket: { remoteAddress: peer },
				headers: forwarded === undefined ? {} : { 'x-forwarded-for': forwarded },
			}),
		).toBe(address);
	it('the one that connects', () => f('192.0.2.1', undefined, '192.0.2.1'));
	it('without IPv6 around IPv4', () => f('::ffff:192.0.2.1', undefined, '192.0.2.1'));
	it('whatever a stranger writes', () => f('192.0.2.1', '203.0.113.9', '192.0.2.1'));
	it('whatever anybody writes when no proxy is trusted', () => f('10.0.0.1', '203.0.113.9', '10.0.0.1', []));
	it('what a trusted proxy wrote', () => f('10.0.0.1', '203.0.113.9', '203.0.113.9'));
	it('what it wrote last, not what the client sent it', () => f('10.0.0.1', '1.1.1.1, 203.0.113.9', '203.0.113.9'));
	it('through a row of trusted ones', () => f('::1', '1.1.1.1, 203.0.113.9, 10.2.2.2', '203.0.113.9'));
	it('the proxy itself when it wrote nothing', () => f('10.0.0.1', undefined, '10.0.0.1'));
	it('the proxy itself when it wrote nonsense', () => f('10.0.0.1', 'unknown, <script>', '10.0.0.1'));
	it('with a port behind the address', () => f('10.0.0.1', '203.0.113.9:5512', '203.0.113.9'));
	it('IPv6 in brackets', () => f('10.0.0.1', '"[2001:db8::1]:80"'.replaceAll('"', ''), '2001:db8::1'));
});

describe('what the browser speaks', () => {
	const f = (peer: string, proto: string | undefined, said: string | undefined) =>
		expect(
			createProxies(['10.0.0.1']).protocolOf({
				socket: { remoteAddress: peer },
				headers: proto === undefined ? {} : { 'x-forwarded-proto': proto },
			}),
		).toBe(said);
	it('as a trusted proxy says', () => f('10.0.0.1', 'HTTPS', 'https'));
	it('not as a stranger says', () => f('192.0.2.1', 'https', undefined));
	it('unknown when it says nothing', () => f('10.0.0.1', undefined, undefined));
});
