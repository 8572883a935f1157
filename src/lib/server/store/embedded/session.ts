import type { Session } from 'chdb';
import type { Settings } from './settings.ts';
import { literal } from './tokens.ts';

/** What a request wants to find set on the session that runs it. */
export interface SessionState {
	readonly database: string | undefined;
	readonly settings: Settings;
	/** Values as they came in the URL: in ClickHouse's escaped form, which is also what SET param_ reads. */
	readonly parameters: ReadonlyMap<string, string>;
}

export interface EmbeddedSession {
	/** Brings database, settings and parameters to exactly what the request asked for. */
	prepare(state: SessionState): Promise<void>;
	query(sql: string, format: string): Promise<Uint8Array>;
	/** Chunks of whole rows, each complete in its format; only one stream at a time. */
	stream(sql: string, format: string): AsyncIterable<Uint8Array>;
	close(): void;
}

/** Where a request without a database finds its tables: never in `default`, whose tables are files of the machine. */
const NEUTRAL_DATABASE = 'system';

/**
 * A chdb session whose state never leaks from one request to the next.
 *
 * chdb keeps what SET changed for ever, and SET x = DEFAULT forgets the value that the engine was started with; so this
 * remembers what differs and puts each name back before the next request, whatever became of the one before.
 */
export function createEmbeddedSession(session: Session): EmbeddedSession {
	let database: string | undefined;
	const current = new Map<string, string>();
	const run = async (sql: string, format: string) => (await session.queryAsync(sql, { format })).bytes();

	async function apply(settings: Settings): Promise<void> {
		const changes: string[] = [];
		for (const name of current.keys()) if (!settings.has(name)) changes.push(`${name} = DEFAULT`);
		for (const [name, value] of settings) if (current.get(name) !== value) changes.push(`${name} = ${literal(value)}`);
		if (changes.length === 0) return;
		// Should SET fail half-way, any of them may have changed: none of the new values is to be trusted.
		for (const name of settings.keys()) current.set(name, '');
		await run(`SET ${changes.join(', ')}`, 'TSV');
		current.clear();
		for (const [name, value] of settings) current.set(name, value);
	}

	return {
		async prepare(state) {
			await apply(state.settings);
			const wanted = state.database ?? NEUTRAL_DATABASE;
			if (wanted !== database) {
				database = undefined;
				await run(`USE \`${wanted}\``, 'TSV');
				database = wanted;
			}
			if (state.parameters.size === 0) return;
			// Parameters are not put back: a statement that names one which its request did not bring is refused before.
			const sets = [...state.parameters].map(([name, value]) => `param_${name} = ${literal(value)}`);
			await run(`SET ${sets.join(', ')}`, 'TSV');
		},
		query: run,
		async *stream(sql, format) {
			for await (const chunk of session.queryStream(sql, { format })) yield chunk.raw();
		},
		close: () => session.close(),
	};
}
