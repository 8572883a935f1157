import { createHash } from 'node:crypto';
import { createBucket } from '#contracts/bucket.ts';
import { QuotaError } from '#contracts/error.ts';
import { MICROS_PER_SECOND, type NowMicros } from '#contracts/time.ts';
import { Refusal, type Identity } from './port.ts';

interface Pending {
	readonly code: string;
	readonly untilMicros: number;
	/** Once somebody has typed the code. */
	key: string | undefined;
}

/** Without letters and digits that look alike from two metres. 31 signs, six of them: a guess in 900 million. */
const SIGNS = '23456789ABCDEFGHJKLMNPQRSTUVWXYZ'.replace('U', '');
const CODE_SIGNS = 6;
const CLAIM_BYTES = 32;
const LIFE_MICROS = 600 * MICROS_PER_SECOND;
/** They wait in memory: a restart asks for a new code. */
const MOST_PENDING = 100;

/**
 * Screens without a keyboard are let in by a short code: the screen shows it, somebody who is signed in types it, and the
 * screen, which alone knows the claim, fetches a key that shows one site and no more.
 */
export function createDisplays({
	createKey,
	now,
	random,
}: {
	readonly createKey: (...of: Parameters<Identity['createKey']>) => Promise<{ readonly secret: string }>;
	readonly now: NowMicros;
	readonly random: (bytes: number) => Uint8Array;
}): Pick<Identity, 'askForDisplay' | 'approveDisplay' | 'claimDisplay'> {
	/** By the hash of the claim. */
	const pending = new Map<string, Pending>();
	const asking = createBucket({
		burst: 10,
		perMinute: 10,
		now,
		message: 'Too many screens ask from here: wait a moment.',
	});
	const typing = createBucket({ burst: 10, perMinute: 10, now, message: 'Too many codes: wait a moment.' });

	function tidy(): void {
		for (const [hash, { untilMicros }] of pending) if (untilMicros <= now()) pending.delete(hash);
	}

	return {
		askForDisplay({ address }) {
			tidy();
			asking.take(address);
			if (pending.size >= MOST_PENDING)
				throw new QuotaError('Too many screens wait for their code to be typed.', { retryAfterMs: 60_000 });
			const claim = Buffer.from(random(CLAIM_BYTES)).toString('base64url');
			const code = newCode(random);
			pending.set(hashOf(claim), { code, untilMicros: now() + LIFE_MICROS, key: undefined });
			return { code, claim };
		},
		async approveDisplay(who, { code, name, site }, from) {
			tidy();
			typing.take(who.id);
			const typed = normal(code);
			const found = [...pending.values()].find((one) => one.key === undefined && normal(one.code) === typed);
			if (!found) throw new Refusal('missing', 'No screen shows this code. It changes after ten minutes: look again.');
			const { secret } = await createKey(who, { name, site, scopes: ['display'], expiresMicros: null }, from);
			found.key = secret;
		},
		claimDisplay(claim) {
			tidy();
			const hash = hashOf(claim);
			const found = pending.get(hash);
			if (!found) return undefined;
			if (found.key === undefined) return 'waiting';
			pending.delete(hash);
			return { key: found.key };
		},
	};
}

/** Bytes that would favour the first signs are drawn anew. */
function newCode(random: (bytes: number) => Uint8Array): string {
	let code = '';
	while (code.length < CODE_SIGNS)
		for (const byte of random(CODE_SIGNS))
			if (byte < 256 - (256 % SIGNS.length) && code.length < CODE_SIGNS) code += SIGNS[byte % SIGNS.length] ?? '';
	return `${code.slice(0, CODE_SIGNS / 2)}-${code.slice(CODE_SIGNS / 2)}`;
}

function normal(code: string): string {
	return code.toUpperCase().replace(/[^0-9A-Z]/g, '');
}

function hashOf(claim: string): string {
	return createHash('sha256').update(claim).digest('hex');
}
