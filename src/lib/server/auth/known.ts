import { createHash } from 'node:crypto';
import type { Who } from '#contracts/principal.ts';
import { MICROS_PER_MS, type NowMicros } from '#contracts/time.ts';

/**
 * Who a secret opened for, for a moment: a page asks ten things at once, a sender a hundred times a second.
 *
 * What this process changes shows at once (`forget`); what another one does to the database, within the moment.
 */
export interface Known {
	find(secret: string, look: () => Promise<Who | undefined>): Promise<Who | undefined>;
	forget(): void;
}

const KEPT_MS = 2000;
/** Wrong secrets come without end. */
const MOST = 10_000;

export function createKnown(now: NowMicros): Known {
	let kept = new Map<string, { readonly who: Promise<Who | undefined>; readonly untilMicros: number }>();

	return {
		find(secret, look) {
			// Not kept in clear: a dump of the memory of a long-running process is no list of keys.
			const name = createHash('sha256').update(secret).digest('base64');
			const found = kept.get(name);
			if (found && found.untilMicros > now()) return found.who;
			if (kept.size >= MOST) kept = new Map();
			const mine = { who: look(), untilMicros: now() + KEPT_MS * MICROS_PER_MS };
			kept.set(name, mine);
			mine.who.catch(() => kept.get(name) === mine && kept.delete(name));
			return mine.who;
		},
		forget: () => void (kept = new Map()),
	};
}
