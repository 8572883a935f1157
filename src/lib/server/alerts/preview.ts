import type { AlertsConfig } from '#contracts/alert-config.ts';
import { CHANGE_BITS, leadingChange, type AlertChange } from '#contracts/alert.ts';
import { MICROS_PER_MS } from '#contracts/time.ts';
import type { Violation } from '#contracts/violation.ts';
import type { AlertOpening } from '../metadata/port-alerts.ts';
import type { Metadata } from '../metadata/port.ts';
import { quietUntil } from './hours.ts';
import type { Preview, PreviewAsked, PreviewMessage } from './port.ts';
import { compileRoute, maintenanceOf, severityOfGroup, type AlertRoute } from './routes.ts';

const PAGE = 1000;
const MOST_LOOKED = 20_000;
const MOST_MESSAGES = 200;
const MOST_NAMED = 5;

interface Happening {
	readonly atMicros: number;
	readonly change: AlertChange;
	readonly opening: AlertOpening;
	readonly group: string;
}

/**
 * What a route would have sent over the stored history: the same decisions and the same gathering, with the time of
 * the points as the clock. When people acknowledged and resolved is not looked at.
 */
export async function previewRoute(
	metadata: Pick<Metadata, 'violations' | 'streams'>,
	config: AlertsConfig,
	asked: PreviewAsked,
): Promise<Preview> {
	const route = compileRoute(asked.name, asked.route);
	const { violations, isCut } = await violationsOf(metadata, asked);
	const openings = await openingsOf(metadata, violations);
	const taken = openings.filter((one) => route.takes(one, one.violation.firstMicros));
	const isMaintained = maintenanceOf(config);
	const told = taken.filter((one) => !isMaintained(one, one.violation.firstMicros));
	const messages = gatherAll(
		route,
		told.flatMap((opening) => happeningsOf(route, opening)),
	);
	return {
		looked: violations.length,
		told: told.length,
		suppressed: taken.length - told.length,
		messages: messages.length,
		items: messages.slice(0, MOST_MESSAGES),
		isCut,
	};
}

async function violationsOf(metadata: Pick<Metadata, 'violations'>, { fromMicros, toMicros, sites }: PreviewAsked) {
	const violations: Violation[] = [];
	let cursor: string | null = null;
	do {
		const filter = { sites, fromMicros, toMicros, limit: PAGE, ...(cursor !== null && { cursor }) };
		const page: Awaited<ReturnType<Metadata['violations']['list']>> = await metadata.violations.list(filter);
		violations.push(...page.items.filter(({ historical, firstMicros }) => !historical && firstMicros >= fromMicros));
		cursor = page.cursor;
	} while (cursor !== null && violations.length < MOST_LOOKED);
	return { violations: violations.slice(0, MOST_LOOKED), isCut: cursor !== null };
}

async function openingsOf(
	metadata: Pick<Metadata, 'streams'>,
	violations: readonly Violation[],
): Promise<AlertOpening[]> {
	const found = await metadata.streams.some(violations.map(({ streamId }) => streamId));
	const streams = new Map(found.map((one) => [one.stream.id, one]));
	return violations.flatMap((violation) => {
		const of = streams.get(violation.streamId);
		return of ? [{ violation, stream: of.stream, route: of.plan.alert }] : [];
	});
}

function happeningsOf(route: AlertRoute, opening: AlertOpening): Happening[] {
	const { violation } = opening;
	const of = { opening, group: route.groupOf(opening) };
	const all: Happening[] = [{ ...of, atMicros: violation.firstMicros, change: 'opened' }];
	if (violation.endedMicros !== null) all.push({ ...of, atMicros: violation.endedMicros, change: 'ended' });
	return all.filter(({ change }) => (route.mask & CHANGE_BITS[change]) !== 0);
}

function gatherAll(route: AlertRoute, happenings: readonly Happening[]): PreviewMessage[] {
	const groups = Map.groupBy(happenings, ({ group }) => group);
	return [...groups.values()].flatMap((some) => gather(route, some)).sort((a, b) => a.atMicros - b.atMicros);
}

/** As the dispatcher does: the first at once, what follows when the group may speak again; an end after its beginning. */
function gather({ config }: AlertRoute, happenings: readonly Happening[]): PreviewMessage[] {
	let waiting = happenings.toSorted((a, b) => a.atMicros - b.atMicros);
	const messages: PreviewMessage[] = [];
	let free = -Infinity;
	while (waiting[0]) {
		const { group, atMicros } = waiting[0];
		let at = Math.max(atMicros, free);
		for (let held = quietUntil(config.quiet, severityOfGroup(group), at); held !== undefined && held > at;) {
			at = held;
			held = quietUntil(config.quiet, severityOfGroup(group), at);
		}
		const due = waiting.filter((one) => one.atMicros <= at);
		const opened = new Set(due.filter(({ change }) => change === 'opened').map(({ opening }) => opening.violation.id));
		const now = due.filter(({ change, opening }) => change === 'opened' || !opened.has(opening.violation.id));
		waiting = waiting.filter((one) => !now.includes(one));
		messages.push(messageOf(at, group, now));
		free = at + Math.max(1, config.groupFor * MICROS_PER_MS);
	}
	return messages;
}

function messageOf(atMicros: number, group: string, happenings: readonly Happening[]): PreviewMessage {
	const counts: Partial<Record<string, number>> = {};
	for (const { change } of happenings) {
		const name = leadingChange(CHANGE_BITS[change]) ?? change;
		counts[name] = (counts[name] ?? 0) + 1;
	}
	const violations = happenings.slice(0, MOST_NAMED).map(({ change, opening: { violation, stream } }) => ({
		id: violation.id,
		key: stream.key,
		rule: String(violation.rule),
		change,
	}));
	return { atMicros, group, count: happenings.length, counts, violations };
}
