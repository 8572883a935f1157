import { once } from 'node:events';
import { createServer, type IncomingHttpHeaders, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { RetriableError } from '#contracts/error.ts';
import { createDialer, type DialerOptions, type Resolved } from './dialer.ts';
import { DialRefused, type Dialer, type Dialing } from './port.ts';
import { isPublicAddress } from './public-address.ts';

const FACTS = { by: 'person', timeoutMs: 5000, maxBytes: 10_000 } as const;
const dialers: Dialer[] = [];
const servers: Server[] = [];
/** Requests that reached the server that nobody from outside may reach. */
let hits = 0;
let inside: { port: number; url: string };

beforeAll(async () => {
	inside = await serve((_, response) => {
		hits++;
		response.end('inside');
	});
});
afterAll(async () => {
	await Promise.all(dialers.map((one) => one.close()));
	for (const server of servers) server.close();
});

async function serve(listener: RequestListener): Promise<{ port: number; url: string }> {
	const server = createServer(listener).listen(0, '127.0.0.1');
	servers.push(server);
	await once(server, 'listening');
	const { port } = server.address() as AddressInfo;
	return { port, url: `http://127.0.0.1:${port}` };
}

function dialer(options: Partial<DialerOptions> = {}): Dialer {
	const made = createDialer({ allow: [], ...options });
	dialers.push(made);
	return made;
}

const at = (...addresses: string[]): Resolved[] =>
	addresses.map((address) => ({ address, family: address.includes(':') ? 6 : 4 }));
const names = (known: Record<string, Resolved[]>) => ({
	resolve: (host: string) => (known[host] ? Promise.resolve(known[host]) : Promise.reject(new Error('not found'))),
});

describe('an address of the public network', () => {
	const f = (address: string, is: boolean) => expect(isPublicAddress(address)).toBe(is);
	it('IPv4', () => f('93.184.216.34', true));
	it('IPv6', () => f('2606:2800:220:1:248:1893:25c8:1946', true));
	it.each([
		'0.0.0.0',
		'10.1.2.3',
		'100.64.0.1',
		'127.0.0.1',
		'127.255.255.254',
		'169.254.169.254',
		'172.16.0.1',
		'172.31.255.255',
		'192.0.0.192',
		'192.168.0.1',
		'198.18.0.1',
		'203.0.113.1',
		'224.0.0.1',
		'240.0.0.1',
		'255.255.255.255',
		'168.63.129.16',
		'::',
		'::1',
		'::127.0.0.1',
		'::ffff:127.0.0.1',
		'::ffff:10.0.0.1',
		'::ffff:0:127.0.0.1',
		'64:ff9b::7f00:1',
		'64:ff9b:1::a00:1',
		'2002:7f00:1::',
		'2001:0:7f00:1::',
		'2001:db8::1',
		'fc00::1',
		'fd00:ec2::254',
		'fe80::1',
		'fec0::1',
		'ff02::1',
		'100::1',
		'nonsense',
	])('not %s', (address) => f(address, false));
});

describe('nothing is sent', () => {
	const refused = async (url: string, options: Partial<DialerOptions> = {}) => {
		const before = hits;
		const one = dialer(options);
		await expect(one.dial({ ...FACTS, url })).rejects.toThrow(DialRefused);
		await expect(one.check(url)).rejects.toThrow(DialRefused);
		expect(hits).toBe(before);
	};
	const here = (host: string) => `http://${host}:${inside.port}/`;
	it.each([
		'127.0.0.1',
		'127.1',
		'2130706433',
		'0x7f000001',
		'0x7f.1',
		'0177.0.0.1',
		'017700000001',
		'0',
		'[::1]',
		'[::ffff:127.0.0.1]',
		'[::ffff:7f00:1]',
		'[::127.0.0.1]',
		'[64:ff9b::127.0.0.1]',
		'[2002:7f00:1::]',
		'127.0.0.1.',
		'１２７.0.0.1',
		'①②⑦.0.0.1',
		'169.254.169.254',
		'localhost',
		'LOCALHOST',
	])('to %s', (host) => refused(here(host)));
	it('to a name that points inside', () =>
		refused(here('inside.example'), names({ 'inside.example': at('127.0.0.1') })));
	it('to a name of which one address of several points inside', () =>
		refused(here('mixed.example'), names({ 'mixed.example': at('93.184.216.34', '127.0.0.1') })));
	it('to a name of which the second kind of address points inside', () =>
		refused(here('mixed.example'), names({ 'mixed.example': at('2606:2800:220:1::1', '::1') })));
	it.each(['file:///etc/passwd', 'gopher://127.0.0.1:70/_', 'ftp://x/', 'data:text/plain,x', 'javascript:1', 'x', ''])(
		'to %s',
		async (url) => refused(url),
	);
	it('to an address with a password in it', async () => {
		const secret = 'canary-password';
		const error: unknown = await dialer()
			.check(`https://ann:${secret}@example.com/`)
			.catch((e: unknown) => e);
		expect(error).toBeInstanceOf(DialRefused);
		expect(String(error)).not.toContain(secret);
	});
	it('to what a name points to later', async () => {
		let looked = 0;
		const resolve = () => Promise.resolve(looked++ === 0 ? at('93.184.216.34') : at('127.0.0.1'));
		const one = dialer({ resolve });
		await one.check(here('rebound.example'));
		const before = hits;
		await expect(one.dial({ ...FACTS, url: here('rebound.example') })).rejects.toThrow(DialRefused);
		expect([hits - before, looked]).toEqual([0, 2]);
	});
	it('and what lies behind a name inside is not told', async () => {
		const options = names({ 'hr-database.plant': at('10.20.30.40') });
		const error: unknown = await dialer(options)
			.check('http://hr-database.plant/')
			.catch((e: unknown) => e);
		expect(String(error)).toMatch(/hr-database\.plant.*SIGMASCOPE_ALLOW_ADDRESSES/);
		expect(String(error)).not.toContain('10.20.30.40');
	});
});

describe('what an operator allowed', () => {
	const dial = async (options: DialerOptions, url: string) =>
		Buffer.from((await dialer(options).dial({ ...FACTS, url })).bytes).toString();
	it('by host and port', async () =>
		expect(await dial({ allow: [`127.0.0.1:${inside.port}`] }, inside.url)).toBe('inside'));
	it('by name and port', async () =>
		expect(await dial({ allow: [`localhost:${inside.port}`] }, `http://localhost:${inside.port}/`)).toBe('inside'));
	it('by network', async () =>
		expect(
			await dial(
				{ allow: ['127.0.0.0/8'], ...names({ 'gateway.plant': at('127.0.0.1') }) },
				`http://gateway.plant:${inside.port}/`,
			),
		).toBe('inside'));
	it('not on another port', async () =>
		expect(dial({ allow: ['127.0.0.1:1'] }, inside.url)).rejects.toThrow(DialRefused));
	it('not in another network', async () =>
		expect(dial({ allow: ['10.0.0.0/8'] }, inside.url)).rejects.toThrow(DialRefused));
	it('by writing it into the configuration', async () => {
		const answer = await dialer().dial({ ...FACTS, by: 'operator', url: inside.url });
		expect([answer.status, Buffer.from(answer.bytes).toString()]).toEqual([200, 'inside']);
	});
});

describe('a redirect', () => {
	const from = async (location: string, dialing: Partial<Dialing> = {}, allow: string[] = []) => {
		const seen: IncomingHttpHeaders[] = [];
		const door = await serve((request, response) => {
			seen.push(request.headers);
			response.writeHead(request.url === '/end' ? 200 : 302, { location }).end('door');
		});
		const one = dialer({ allow: [`127.0.0.1:${door.port}`, ...allow] });
		const url = `${door.url}/start`;
		return { door, seen, answer: () => one.dial({ ...FACTS, url, redirects: 3, ...dialing }) };
	};
	it('is not followed unless asked for', async () => {
		const { answer } = await from('/end', { redirects: 0 });
		expect(await answer()).toMatchObject({ status: 302, headers: { location: '/end' } });
	});
	it('is followed when asked for', async () => expect((await (await from('/end')).answer()).status).toBe(200));
	it('does not lead inside', async () => {
		const before = hits;
		await expect((await from(inside.url)).answer()).rejects.toThrow(DialRefused);
		expect(hits).toBe(before);
	});
	it('does not lead inside from an address of the configuration either', async () => {
		const before = hits;
		await expect((await from(inside.url, { by: 'operator' })).answer()).rejects.toThrow(DialRefused);
		expect(hits).toBe(before);
	});
	it('does not lead to a file', async () =>
		expect((await from('file:///etc/passwd')).answer()).rejects.toThrow(DialRefused));
	it('ends after as many as were asked for', async () =>
		expect(await (await from('/again')).answer()).toMatchObject({ status: 302 }));
	it('is not followed with a body', async () =>
		expect(await (await from('/end', { method: 'POST', body: 'x' })).answer()).toMatchObject({ status: 302 }));
	it('takes no secret to another host', async () => {
		const headers = { authorization: 'Bearer canary' };
		const other = await serve((request, response) => response.end(JSON.stringify(request.headers)));
		const { answer } = await from(`${other.url}/`, { headers }, [`127.0.0.1:${other.port}`]);
		expect(Buffer.from((await answer()).bytes).toString()).not.toContain('canary');
	});
});

describe('an answer', () => {
	it('is read no further than it may be', async () => {
		const { url } = await serve((_, response) => response.end('x'.repeat(100_000)));
		const answer = await dialer().dial({ ...FACTS, by: 'operator', url, maxBytes: 1000 });
		expect([answer.bytes.length, answer.isCut]).toEqual([1000, true]);
	});
	it('is not waited for without end', async () => {
		const { url } = await serve(() => undefined);
		const answer = dialer().dial({ ...FACTS, by: 'operator', url, timeoutMs: 100 });
		await expect(answer).rejects.toThrow(/no answer within 100 ms/);
	});
	it('that does not come may come later', async () => {
		const dialing = { ...FACTS, by: 'operator', url: 'http://127.0.0.1:9/' } as const;
		await expect(dialer().dial(dialing)).rejects.toThrow(RetriableError);
		const missing = dialer(names({})).dial({ ...FACTS, url: 'http://missing.example/' });
		await expect(missing).rejects.toThrow(/cannot look up "missing\.example"/);
	});
});
