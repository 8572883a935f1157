import { Lucia, TimeSpan, type Adapter } from 'lucia';
import { createHash } from 'node:crypto';
import { MICROS_PER_MS, MICROS_PER_SECOND, type NowMicros } from '#contracts/time.ts';
import type { Account, StoredSession } from '../metadata/port-people.ts';
import type { Metadata } from '../metadata/port.ts';
import type { From } from './port.ts';

declare module 'lucia' {
	interface Register {
		Lucia: Lucia<{ readonly stored: StoredSession }, { readonly account: Account }>;
		DatabaseSessionAttributes: { readonly stored: StoredSession };
		DatabaseUserAttributes: { readonly account: Account };
	}
}

/**
 * Who is signed in. The one place that knows lucia, whose author has ended its maintenance: whatever replaces it has
 * these four methods.
 */
export interface Sessions {
	/** @returns the secret that the browser keeps; here only its hash is */
	begin(account: Account, from: From): Promise<string>;
	/** @returns undefined when it is over, was ended, or its account may not sign in */
	find(secret: string): Promise<{ readonly session: StoredSession; readonly account: Account } | undefined>;
	end(secret: string): Promise<void>;
	/** Clears away those that are over. */
	tidy(): Promise<void>;
}

export interface SessionOptions {
	readonly metadata: Pick<Metadata, 'sessions'>;
	readonly now: NowMicros;
	readonly random: (bytes: number) => Uint8Array;
}

const SECRET_BYTES = 32;
/** Without use. Lucia renews once half of it has passed: who comes back within half a week is still signed in. */
const IDLE_DAYS = 7;
/** Whatever it is used for. */
const MOST_DAYS = 30;
const DAY_MICROS = 86_400 * MICROS_PER_SECOND;
/** When it was used last is kept this exactly. */
const SEEN_EVERY_MICROS = 300 * MICROS_PER_SECOND;

export function createSessions({ metadata, now, random }: SessionOptions): Sessions {
	const { sessions } = metadata;
	const lucia = new Lucia(createAdapter(sessions, now), {
		sessionExpiresIn: new TimeSpan(IDLE_DAYS, 'd'),
		getSessionAttributes: ({ stored }) => ({ stored }),
		getUserAttributes: ({ account }) => ({ account }),
	});

	return {
		async begin(account, { address, agent }) {
			const secret = Buffer.from(random(SECRET_BYTES)).toString('base64url');
			const atMicros = now();
			const stored: StoredSession = {
				id: sessionId(secret),
				accountId: account.id,
				createdMicros: atMicros,
				expiresMicros: atMicros,
				endsMicros: atMicros + MOST_DAYS * DAY_MICROS,
				seenMicros: atMicros,
				address,
				agent,
			};
			await lucia.createSession(String(account.id), { stored }, { sessionId: secret });
			return secret;
		},
		async find(secret) {
			const { session, user } = await lucia.validateSession(secret);
			if (!session || user.account.isDisabled) return undefined;
			const atMicros = now();
			if (atMicros - session.stored.seenMicros > SEEN_EVERY_MICROS) await sessions.seen(session.stored.id, atMicros);
			return { session: session.stored, account: user.account };
		},
		end: (secret) => lucia.invalidateSession(secret),
		tidy: () => sessions.removeOver(now()),
	};
}

export function sessionId(secret: string): string {
	return createHash('sha256').update(secret).digest('hex');
}

/** Lucia keeps what the browser keeps as the id; on the way to the table it becomes its hash, and no session outlives its end. */
function createAdapter(sessions: Metadata['sessions'], now: NowMicros): Adapter {
	const endOf = ({ expiresMicros, endsMicros }: StoredSession) => Math.min(expiresMicros, endsMicros);
	return {
		async getSessionAndUser(secret) {
			const found = await sessions.get(sessionId(secret));
			if (!found) return [null, null];
			const { session: stored, account } = found;
			const expiresAt = new Date(endOf(stored) / MICROS_PER_MS);
			return [
				{ id: secret, userId: String(account.id), expiresAt, attributes: { stored } },
				{ id: String(account.id), attributes: { account } },
			];
		},
		async setSession({ attributes: { stored }, expiresAt }) {
			await sessions.add({ ...stored, expiresMicros: expiresAt.getTime() * MICROS_PER_MS });
		},
		async updateSessionExpiration(secret, expiresAt) {
			const found = await sessions.get(sessionId(secret));
			const expiresMicros = expiresAt.getTime() * MICROS_PER_MS;
			// Close to its end lucia asks with every request; there is nothing more to give.
			if (!found || found.session.expiresMicros >= found.session.endsMicros) return;
			await sessions.extend(found.session.id, expiresMicros);
		},
		deleteSession: (secret) => sessions.remove(sessionId(secret)),
		deleteUserSessions: (userId) => sessions.removeOf(Number(userId)),
		deleteExpiredSessions: () => sessions.removeOver(now()),
		async getUserSessions() {
			throw new Error('a list of sessions comes from the table: lucia would want their secrets');
		},
	};
}
