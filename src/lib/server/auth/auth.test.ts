import { mkdtemp, rm } from 'node:fs/promises';
import { randomBytes } from 'node:crypto';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { pino } from 'pino';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Metadata } from '#server/metadata/port.ts';
import { createIdentity, type IdentityPart } from '#server/identity/identity.ts';
import { createSqliteMetadata } from '#server/metadata/sqlite/metadata.ts';
import { createAuth } from './auth.ts';
import type { Auth } from './port.ts';

const TOKEN = 'a-start-token-of-a-test-0123456789';
const log = pino({ level: 'silent' });
let folder: string;
let metadata: Metadata;
let identity: IdentityPart;
let startToken = TOKEN;
const now = () => Date.now() * 1000;

beforeAll(async () => {
	folder = await mkdtemp(join(tmpdir(), 'auth-'));
	metadata = await createSqliteMetadata({ file: join(folder, 'metadata.db'), log, now });
	identity = createIdentity({
		metadata,
		now,
		random: randomBytes,
		defaultSite: 'plant',
		onSetUp: () => void (startToken = 'another-start-token-0123456789'),
	});
	await identity.start(undefined);
});
afterAll(async () => {
	await metadata.close();
	await rm(folder, { recursive: true });
});

function facts() {
	return {
		identity,
		startToken: () => startToken,
		bootstrapKey: undefined,
		collectorsKey: 'collectors-0123456789',
		defaultSite: 'plant',
		publicUrl: undefined,
		instance: 'an instance',
		now,
		log,
	};
}

const asking = (host: string) => ({ headers: { host }, socket: { remoteAddress: '127.0.0.1' } });

function auth(publicUrl?: string, bootstrapKey: string | undefined = 'bootstrap-0123456789'): Auth {
	return createAuth({ ...facts(), bootstrapKey, publicUrl });
}

describe('Host', () => {
	const f = (host: string | undefined, ok: boolean, publicUrl?: string) =>
		expect(auth(publicUrl).hostFault(host === undefined ? {} : { host }) === undefined).toBe(ok);
	it('localhost', () => f('localhost:3000', true));
	it('localhost in capitals', () => f('LOCALHOST', true));
	it('an IPv4 address', () => f('192.168.1.7:3000', true));
	it('an IPv6 address', () => f('[::1]:3000', true));
	it('the configured name', () => f('scope.plant', true, 'https://scope.plant/'));
	it('the configured name with a port of its proxy', () => f('scope.plant:8443', true, 'https://scope.plant'));
	it('the configured name with a final dot', () => f('scope.plant.', true, 'https://scope.plant'));
	it('no other name', () => f('evil.example', false, 'https://scope.plant'));
	it('no name below it', () => f('x.scope.plant', false, 'https://scope.plant'));
	it('no name that begins like an address', () => f('127.0.0.1.evil.example', false));
	it('no name that begins like localhost', () => f('localhost.evil.example', false));
	it('none at all', () => f(undefined, false));
	it('no user in front', () => f('a@localhost', false));
	it('no second host', () => f('localhost,evil.example', false));
	it('nothing that merely looks like IPv6', () => f('[::gg]', false));
	it('any text is answered', () => fc.assert(fc.property(fc.string(), (host) => void auth().hostFault({ host }))));
});

describe('Origin', () => {
	const f = (origin: string | undefined, ok: boolean, host = 'localhost:3000', publicUrl?: string) =>
		expect(auth(publicUrl).originFault({ host, ...(origin === undefined ? {} : { origin }) }) === undefined).toBe(ok);
	it('of the same host and port', () => f('http://localhost:3000', true));
	it('of a program: none', () => f(undefined, true));
	it('behind a proxy that ends TLS', () => f('https://scope.plant', true, 'scope.plant', 'https://scope.plant'));
	it('behind a proxy that rewrites Host', () =>
		f('https://scope.plant', true, '127.0.0.1:3000', 'https://scope.plant'));
	it('with the usual port written out', () => f('http://10.0.0.1', true, '10.0.0.1:80'));
	it('not of another port', () => f('http://localhost:3001', false));
	it('not of another name', () => f('http://evil.example', false));
	it('not of a file or sandbox', () => f('null', false));
	it('not empty', () => f('', false));
	it('not of an extension', () => f('chrome-extension://localhost:3000', false));
	it('not of a name that begins the same', () => f('http://localhost:3000.evil.example', false));
	it('a page that hides its origin', () =>
		expect(auth().originFault({ host: 'localhost', 'sec-fetch-site': 'cross-site' })).toBeDefined());
});

describe('who asks', () => {
	const who = async (headers: Record<string, string>, of = auth()) => of.resolve(headers);
	const cookie = (publicUrl?: string, host = 'localhost') => {
		const entry = auth(publicUrl).enter(`/?token=${TOKEN}`, asking(host));
		return (entry?.allowed && entry.setCookie.split(';')[0]) || '';
	};
	it('nobody', async () => expect(await who({})).toBeUndefined());
	it('the owner by cookie', async () =>
		expect(await who({ cookie: cookie() })).toMatchObject({
			id: 'start-link',
			kind: 'owner',
			name: 'owner',
			sites: 'all',
			scopes: ['read', 'write', 'admin', 'proxy'],
			writeSite: 'plant',
			rights: { look: 'all', plan: 'all', admin: 'all' },
		}));
	it('the owner among other cookies', async () =>
		expect(await who({ cookie: `a=b; ${cookie()}; c=d` })).toMatchObject({ kind: 'owner' }));
	it('the owner beside a stale cookie of the same name', async () =>
		expect(await who({ cookie: `${cookie().split('=')[0]}=old; ${cookie()}` })).toMatchObject({ kind: 'owner' }));
	it('nobody by the token itself as cookie', async () =>
		expect(await who({ cookie: `${cookie().split('=')[0]}=${TOKEN}` })).toBeUndefined());
	it('nobody by a cookie of another token', async () => {
		const of = createAuth({ ...facts(), startToken: () => 'yet-another-start-token-0123456789' });
		expect(await who({ cookie: cookie() }, of)).toBeUndefined();
	});
	it('the owner by the start token', async () =>
		expect(await who({ authorization: `Bearer ${TOKEN}` })).toMatchObject({ kind: 'owner' }));
	it('automation by the bootstrap key', async () =>
		expect(await who({ authorization: 'bearer bootstrap-0123456789' })).toMatchObject({ kind: 'key', sites: 'all' }));
	it('our collectors, who only write', async () =>
		expect(await who({ authorization: 'Bearer collectors-0123456789' })).toMatchObject({ scopes: ['write'] }));
	it('nobody by an empty key when none is configured', async () =>
		expect(await who({ authorization: 'Bearer ' }, auth(undefined, ''))).toBeUndefined());
	it('nobody by name and password', async () => expect(await who({ authorization: 'Basic YTpi' })).toBeUndefined());
	it('a key of a site', async () => {
		const key = await metadata.keys.create({ name: 'telegraf', site: 'north', scopes: ['write'] });
		for (const scheme of ['Bearer', 'Token'])
			expect(await who({ authorization: `${scheme} ${key}` })).toMatchObject({
				id: 'key:1',
				kind: 'key',
				name: 'telegraf',
				sites: ['north'],
				scopes: ['write'],
				writeSite: 'north',
				rights: { self: ['north'], write: ['north'] },
			});
	});
	it('keeps the cookie to https and this host where the address is https', () => {
		const entry = auth('https://scope.plant').enter(`/?token=${TOKEN}`, asking('scope.plant'));
		expect(entry).toMatchObject({
			setCookie: expect.stringMatching(/^__Host-sigmascope_\w+=.*; Path=\/; .*; Secure$/) as string,
		});
	});
	it('and knows it again', async () =>
		expect(await who({ cookie: cookie('https://scope.plant', 'scope.plant') })).toMatchObject({ kind: 'owner' }));
});

describe('a start link', () => {
	const location = (url: string) => auth().enter(url, asking('localhost'))?.location;
	it('loses only its token', () => expect(location(`/a/b?x=%20&token=${TOKEN}&y`)).toBe('/a/b?x=%20&y'));
	it('without one is none', () => expect(location('/a?x=token')).toBeUndefined());
	it('stays on this host', () => {
		for (const path of ['//evil.example', '/\\evil.example', '///evil.example/a'])
			expect(location(`${path}?token=${TOKEN}`)).toMatch(/^\/evil\.example/);
	});
	it('with a part of the token is wrong', () =>
		expect(auth().enter(`/?token=${TOKEN.slice(0, -1)}`, asking('localhost'))?.allowed).toBe(false));
});

it('a token that could be guessed is no token', () =>
	expect(() => createAuth({ ...facts(), startToken: () => 'short' })).toThrow(RangeError));
