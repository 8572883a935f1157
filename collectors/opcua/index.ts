import { join } from 'node:path';
import { quote } from '#contracts/stream.ts';
import { MICROS_PER_SECOND } from '#contracts/time.ts';
import { createBackoff } from '../kit/backoff.ts';
import { collectorType, type Collector, type CollectorContext, type Emitter } from '../kit/collector.ts';
import { createOnce } from '../kit/once.ts';
import { createTracks, type Tracks } from '../kit/track.ts';
import { opcuaSchema, type OpcuaConfig } from './config.ts';
import { remedy } from './remedy.ts';
import { createTrustFolder, trustFolderOf } from './trust.ts';

export const opcua = collectorType(opcuaSchema, createOpcua, {
	acts: {
		trust: {
			does: 'show the certificate of the server and ask whether to trust it',
			run: async (config, context) => (await import('./trust-act.ts')).trustServer(config, context),
		},
	},
	entries: ({ items }) =>
		items.flatMap((item, i) =>
			item.event
				? []
				: {
						place: `items[${i}]`,
						name: item.node ?? item.browse ?? '',
						stream: item.browse === undefined ? item.stream : undefined,
						marks:
							item.node === undefined
								? [quote(item.browse ?? '')]
								: [`${item.node}:`, `${item.node} `, `${item.node})`],
					},
		),
	discover: {
		option: 'items',
		narrows: 'a path of browse names, as `Objects/Machine/**`',
		draft: { items: [{ browse: 'Objects/**' }] },
		run: async (config, context) => (await import('./discover.ts')).discoverVariables(config, context),
	},
});

const FIRST_WAIT_MS = 250;
const LONGEST_WAIT_MS = 10_000;
/** A session that lasted this long was a good one: the next wait is short again. */
const GOOD_AFTER_MICROS = 5 * MICROS_PER_SECOND;

/** Variables of an OPC UA server as points. */
function createOpcua(config: OpcuaConfig, context: CollectorContext): Collector {
	return {
		async start(emitter, signal) {
			await stayConnected({ config, context, emitter, signal, tracks: createTracks(emitter) });
		},
	};
}

interface Run {
	readonly config: OpcuaConfig;
	readonly context: CollectorContext;
	readonly emitter: Emitter;
	readonly signal: AbortSignal;
	readonly tracks: Tracks;
}

async function stayConnected(run: Run): Promise<void> {
	const { config, context, emitter, signal, tracks } = run;
	const { clock, random } = context;
	// Only who talks to a server loads the library: it is a large one.
	const { runConnection } = await import('./connection.ts');
	const backoff = createBackoff({ firstMs: FIRST_WAIT_MS, longestMs: LONGEST_WAIT_MS, random });
	const onFault = createOnce(emitter.fault);
	let told = '';
	while (!signal.aborted) {
		let readyMicros = Infinity;
		const reason = await runConnection({
			config,
			context,
			tracks,
			signal,
			onFault,
			name: context.name,
			folder: join(context.folder, 'opcua'),
			trust: createTrustFolder(trustFolderOf(config.security, context.folder)),
			onReady: () => (readyMicros = clock.nowMicros()),
		}).then(() => 'the session has ended', remedy);
		if (signal.aborted) return;
		const isGood = clock.nowMicros() - readyMicros > GOOD_AFTER_MICROS;
		if (isGood) backoff.reset();
		// Once, not at every attempt.
		if (readyMicros < Infinity || reason !== told) emitter.fault(`${config.url}: ${reason}`);
		told = reason;
		tracks.interrupt(`no connection: ${reason}`);
		await clock.sleep(backoff.nextMs(), signal);
	}
}
