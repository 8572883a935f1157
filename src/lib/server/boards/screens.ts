import { createHash } from 'node:crypto';
import type { ScreenOrder, ScreenReport } from '#contracts/screen.ts';
import { covers } from '#contracts/principal.ts';
import type { Sites } from '#contracts/rights.ts';
import { MICROS_PER_SECOND, type NowMicros } from '#contracts/time.ts';
import type { Screen, Screens } from './port.ts';

/** Whoever makes up screens pushes out the ones that have been silent longest, first its own. */
const MOST = 1000;
const MOST_OF_ONE = 40;
const ID_CHARS = 16;
/** A tab that somebody closed is forgotten; a screen that was let in by a code is missed. */
const TAB_LIFE_MICROS = 600 * MICROS_PER_SECOND;

interface Entry {
	readonly id: string;
	readonly by: string;
	name: string;
	sites: Sites;
	seenMicros: number;
	report: ScreenReport;
	order: ScreenOrder | undefined;
}

/** What screens last said of themselves, in memory: after a restart each says it again within seconds. */
export function createScreens({ now }: { readonly now: NowMicros }): Screens {
	/** The one heard of last is the last. */
	const entries = new Map<string, Entry>();
	let orders = 0;

	function find(id: string, sites: Sites): Entry | undefined {
		const entry = entries.get(id);
		return entry && isOf(entry, sites) ? entry : undefined;
	}

	function forgetTabs(): void {
		for (const { id, by, seenMicros } of entries.values())
			if (!by.startsWith('key:') && seenMicros < now() - TAB_LIFE_MICROS) entries.delete(id);
	}

	function makeRoom(by: string): void {
		const own = [...entries.values()].filter((entry) => entry.by === by);
		const gone = own.length > MOST_OF_ONE ? own[0] : entries.size > MOST ? [...entries.values()][0] : undefined;
		if (gone) entries.delete(gone.id);
	}

	return {
		take({ by, name, sites }, report) {
			const id = idOf(by, report.screen);
			const before = entries.get(id);
			const order = before?.order?.id === report.done ? undefined : before?.order;
			entries.delete(id);
			entries.set(id, { id, by, name, sites, seenMicros: now(), report, order });
			makeRoom(by);
			return order ?? null;
		},
		list(sites) {
			forgetTabs();
			return [...entries.values()].filter((entry) => isOf(entry, sites)).map(toScreen);
		},
		order(id, sites, what) {
			const entry = find(id, sites);
			if (!entry) return false;
			// Told apart from those of before a restart, which a screen may have carried out.
			entry.order = { id: `${now()}-${++orders}`, ...what };
			return true;
		},
	};
}

function idOf(by: string, screen: string): string {
	return createHash('sha256').update(`${by}\n${screen}`).digest('base64url').slice(0, ID_CHARS);
}

/** Of somebody who sees one of its sites; one that shows every site is the whole server's. */
function isOf({ sites: shown }: Entry, sites: Sites): boolean {
	if (sites === 'all') return true;
	return shown !== 'all' && shown.some((site) => covers(sites, site));
}

function toScreen({ id, by, name, sites, seenMicros, report, order }: Entry): Screen {
	return { id, by, name, sites, seenMicros, report, order };
}
