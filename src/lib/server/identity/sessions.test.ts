import { randomBytes } from 'node:crypto';
import { mkdtemp, readFile, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pino } from 'pino';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { Account } from '../metadata/port-people.ts';
import type { Metadata } from '../metadata/port.ts';
import { createSqliteMetadata } from '../metadata/sqlite/metadata.ts';
import { createSessions, sessionId, type Sessions } from './sessions.ts';

const DAY = 86_400_000;
const BY = { name: 'test', id: null, address: null };
const FROM = { address: '10.0.0.7', agent: 'Firefox' };
const now = () => Date.now() * 1000;
let folder: string;
let metadata: Metadata;
let sessions: Sessions;
let account: Account;

beforeEach(async () => {
	// Lucia reads the clock of the process; nothing else is faked.
	vi.useFakeTimers({ toFake: ['Date'], now: Date.UTC(2026, 0, 1) });
	folder = await mkdtemp(join(tmpdir(), 'sessions-'));
	metadata = await createSqliteMetadata({ file: join(folder, 'metadata.db'), log: pino({ level: 'silent' }), now });
	sessions = createSessions({ metadata, now, random: randomBytes });
	const grants = [{ site: 'a', role: 'viewer' as const }];
	const made = await metadata.accounts.create({ email: 'ann@x', name: 'Ann', password: null, grants }, BY);
	if (!made) throw new Error('no account');
	account = made;
});
afterEach(async () => {
	vi.useRealTimers();
	await metadata.close();
	await rm(folder, { recursive: true });
});

const isOpen = async (secret: string) => (await sessions.find(secret)) !== undefined;
const pass = (days: number) => vi.setSystemTime(Date.now() + days * DAY);

describe('a session', () => {
	it('is found by its secret, with its account', async () => {
		const secret = await sessions.begin(account, FROM);
		expect(await sessions.find(secret)).toMatchObject({ account, session: { ...FROM, id: sessionId(secret) } });
	});
	it('has 256 bits that nobody chose', async () => {
		const [a, b] = [await sessions.begin(account, FROM), await sessions.begin(account, FROM)];
		expect(a).toMatch(/^[\w-]{43}$/);
		expect(a).not.toBe(b);
	});
	it('is not opened by what stands in the database', async () => {
		const secret = await sessions.begin(account, FROM);
		expect(await isOpen(sessionId(secret))).toBe(false);
		for (const name of await readdir(folder))
			expect(await readFile(join(folder, name), 'latin1')).not.toContain(secret);
	});
	it('ends when it is told to', async () => {
		const secret = await sessions.begin(account, FROM);
		await sessions.end(secret);
		expect(await isOpen(secret)).toBe(false);
	});
	it('ends after a week without use, and its row with it', async () => {
		const secret = await sessions.begin(account, FROM);
		pass(7.001);
		expect(await isOpen(secret)).toBe(false);
		expect(await metadata.sessions.of(account.id)).toEqual([]);
	});
	it('goes on while it is used', async () => {
		const secret = await sessions.begin(account, FROM);
		for (let day = 0; day < 28; day += 4) {
			pass(4);
			expect(await isOpen(secret)).toBe(true);
		}
	});
	it('ends after thirty days, however it is used', async () => {
		const secret = await sessions.begin(account, FROM);
		for (let day = 0; day < 27; day += 3) {
			pass(3);
			expect(await isOpen(secret)).toBe(true);
		}
		pass(2.99);
		expect(await isOpen(secret)).toBe(true);
		pass(0.02);
		expect(await isOpen(secret)).toBe(false);
	});
	it('of an account that may not sign in opens nothing', async () => {
		await metadata.accounts.change(account.id, { isDisabled: true }, BY);
		const secret = await sessions.begin(account, FROM);
		expect(await isOpen(secret)).toBe(false);
	});
	it('says when it was used last, to five minutes', async () => {
		const secret = await sessions.begin(account, FROM);
		pass(1);
		await sessions.find(secret);
		expect((await sessions.find(secret))?.session.seenMicros).toBe(now());
	});
	it('that is over is cleared away', async () => {
		await sessions.begin(account, FROM);
		pass(8);
		await sessions.tidy();
		expect(await metadata.sessions.of(account.id)).toEqual([]);
	});
});
