import { QuotaError } from './error.ts';
import { MICROS_PER_MS, MICROS_PER_SECOND, type NowMicros } from './time.ts';

/** So many attempts at once, and so many a minute after that, for each name. */
export interface Bucket {
	/** @throws QuotaError with the time until one is free again */
	take(name: string): void;
}

export interface BucketOptions {
	readonly burst: number;
	readonly perMinute: number;
	readonly now: NowMicros;
	/** What a person reads who has to wait. */
	readonly message: string;
}

/** Names come from outside: no more are kept than this, the one that was quiet longest goes first. */
const MOST_NAMES = 20_000;

export function createBucket({ burst, perMinute, now, message }: BucketOptions): Bucket {
	const perMicro = perMinute / 60 / MICROS_PER_SECOND;
	const levels = new Map<string, { level: number; atMicros: number }>();

	return {
		take(name) {
			const atMicros = now();
			const known = levels.get(name) ?? { level: burst, atMicros };
			const level = Math.min(burst, known.level + Math.max(0, atMicros - known.atMicros) * perMicro);
			levels.delete(name);
			levels.set(name, { level: level < 1 ? level : level - 1, atMicros });
			const [oldest] = levels.keys();
			if (levels.size > MOST_NAMES && oldest !== undefined) levels.delete(oldest);
			if (level < 1) throw new QuotaError(message, { retryAfterMs: Math.ceil((1 - level) / perMicro / MICROS_PER_MS) });
		},
	};
}
