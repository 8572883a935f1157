import { QuotaError } from '#contracts/error.ts';
import { MICROS_PER_MS, MICROS_PER_SECOND, type NowMicros } from '#contracts/time.ts';

/** How many points a second each key may send, over ten seconds: what it saved up it may send at once. */
export interface Rate {
	/**
	 * Before anything is read: who is in debt is refused at the price of a header.
	 *
	 * @throws QuotaError
	 */
	admit(owner: string): void;
	/** @returns milliseconds until the owner is out of debt; 0 when it is not in debt */
	waitMs(owner: string): number;
	/** Points that came, also those that were there already: they had to be read. A debt is allowed, so that no request is cut. */
	spend(owner: string, points: number): void;
}

const BURST_SECONDS = 10;

interface Bucket {
	points: number;
	atMicros: number;
}

/** Token buckets; a key that has never sent has a full one. */
export function createRate({ perSecond, now }: { readonly perSecond: number; readonly now: NowMicros }): Rate {
	const most = perSecond * BURST_SECONDS;
	const buckets = new Map<string, Bucket>();

	function refilled(owner: string): Bucket {
		const nowMicros = now();
		const bucket = buckets.get(owner) ?? { points: most, atMicros: nowMicros };
		// A clock that is set back gives nothing and takes nothing.
		const seconds = Math.max(0, nowMicros - bucket.atMicros) / MICROS_PER_SECOND;
		bucket.points = Math.min(most, bucket.points + seconds * perSecond);
		bucket.atMicros = nowMicros;
		buckets.set(owner, bucket);
		return bucket;
	}

	const waitMs = (owner: string) => {
		const { points } = refilled(owner);
		return points >= 0 ? 0 : Math.ceil((-points / perSecond) * (MICROS_PER_SECOND / MICROS_PER_MS));
	};

	return {
		waitMs,
		admit(owner) {
			const retryAfterMs = waitMs(owner);
			if (retryAfterMs === 0) return;
			const message = `"${owner}" sends more than its ${perSecond} points a second: wait for Retry-After and send it again (limits.pointsPerSecondPerKey)`;
			throw new QuotaError(message, { retryAfterMs });
		},
		spend(owner, points) {
			refilled(owner).points -= points;
		},
	};
}
