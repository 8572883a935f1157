import type { Discovered, SourceType, TrialReport } from '#contracts/trial.ts';
import { sourceConfig, sourceYaml, type SourceDraft, type SourceEntry } from './source-config.ts';
import type { SourcesApi } from './sources-api.ts';

/** Something that was found, and whether and as what it is to be taken. */
export interface Choice {
	readonly found: Discovered;
	readonly isChosen: boolean;
	readonly stream: string;
	readonly unit: string;
}

/** A source that is put together: where it is, what it has, what of that is wanted, and how it reads. */
export interface AddSource {
	readonly types: readonly SourceType[];
	draft: SourceDraft;
	argument: string;
	readonly choices: readonly Choice[];
	readonly isSearching: boolean;
	/** What went wrong last with what was asked for; undefined when nothing did. */
	readonly error: unknown;
	readonly report: TrialReport | undefined;
	readonly isReading: boolean;
	/** For the configuration file; empty while nothing is chosen. */
	readonly yaml: string;
	search(): Promise<void>;
	change(index: number, change: Partial<Omit<Choice, 'found'>>): void;
	/** Reads what is chosen until told to stop, or two minutes. */
	read(): Promise<void>;
	stopReading(): void;
	stop(): void;
}

const ASK_EVERY_MS = 600;
const EMPTY: SourceDraft = {
	...{ name: '', type: 'opcua', url: '', username: '', password: '', every: '1s', unitId: '' },
};

export function createAddSource(api: SourcesApi): AddSource {
	let types = $state.raw<readonly SourceType[]>([]);
	let draft = $state.raw<SourceDraft>(EMPTY);
	let argument = $state('');
	let choices = $state.raw<readonly Choice[]>([]);
	let isSearching = $state(false);
	let error = $state.raw<unknown>();
	let report = $state.raw<TrialReport | undefined>();
	/** Of the trial that runs. */
	let id = $state('');
	let timer: ReturnType<typeof setTimeout> | undefined;

	const option = $derived(types.find(({ type }) => type === draft.type)?.option ?? '');
	const entries = $derived<readonly SourceEntry[]>(
		choices.filter(({ isChosen }) => isChosen).map((choice) => entryOf(choice)),
	);
	const yaml = $derived(entries.length === 0 ? '' : sourceYaml(draft, option, entries));

	async function guarded(work: () => Promise<void>): Promise<void> {
		error = undefined;
		try {
			await work();
		} catch (caught) {
			error = caught;
		}
	}

	function stopReading(): void {
		clearTimeout(timer);
		if (id !== '') void api.end(id).catch(() => undefined);
		id = '';
	}

	async function look(of: string): Promise<void> {
		await guarded(async () => {
			const found = await api.report(of);
			if (id === of) report = found;
		});
		if (id !== of) return;
		if (error !== undefined || report?.isOver === true) id = '';
		else timer = setTimeout(() => void look(of), ASK_EVERY_MS);
	}

	void guarded(async () => void (types = await api.types()));
	return {
		get types() {
			return types;
		},
		get draft() {
			return draft;
		},
		set draft(next) {
			if (next.type !== draft.type) [choices, argument, report] = [[], '', undefined];
			draft = next;
		},
		get argument() {
			return argument;
		},
		set argument(next) {
			argument = next;
		},
		get choices() {
			return choices;
		},
		get isSearching() {
			return isSearching;
		},
		get error() {
			return error;
		},
		get report() {
			return report;
		},
		get isReading() {
			return id !== '';
		},
		get yaml() {
			return yaml;
		},
		async search() {
			stopReading();
			isSearching = true;
			report = undefined;
			await guarded(async () => {
				const found = await api.discover(sourceConfig(draft, option, []), argument.trim());
				choices = found.map((one) => choiceOf(one));
			});
			isSearching = false;
		},
		change(index, change) {
			choices = choices.map((choice, i) => (i === index ? { ...choice, ...change } : choice));
		},
		async read() {
			stopReading();
			report = undefined;
			await guarded(async () => {
				id = await api.begin(sourceConfig(draft, option, entries));
				void look(id);
			});
		},
		stopReading,
		stop: stopReading,
	};
}

function choiceOf(found: Discovered): Choice {
	const { stream } = found.entry;
	return { found, isChosen: false, stream: typeof stream === 'string' ? stream : '', unit: found.unit };
}

function entryOf({ found, stream, unit }: Choice): SourceEntry {
	const { stream: _, ...entry } = found.entry;
	return { ...entry, ...(stream === '' ? {} : { stream }), ...(unit === '' ? {} : { unit }) };
}
