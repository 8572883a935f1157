import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Config } from '#contracts/config.ts';
import { createBoards } from './boards/boards.ts';
import { createScreens } from './boards/screens.ts';
import { createCases } from './cases/cases.ts';
import { createWallClock } from './clock.ts';
import { composeAccess } from './compose-access.ts';
import { composeAlerts } from './compose-alerts.ts';
import { composeBackups } from './compose-backups.ts';
import { composeExport } from './compose-export.ts';
import { composeRca } from './compose-rca.ts';
import { composeStore } from './compose-store.ts';
import { composeWatch } from './compose-watch.ts';
import { createCollectorsPart } from './collectors-part.ts';
import { boardsFolder, readConfiguration } from './configuration.ts';
import { openDataFolder } from './data-folder.ts';
import { createDemo, withDemoPlans } from './demo.ts';
import { createEngine } from './engine/engine.ts';
import { createTicker } from './engine/ticker.ts';
import { listenAt, urlOf } from './http/address.ts';
import { createHttp } from './http/server.ts';
import { createIngest } from './ingest/ingest.ts';
import { createStreamRegistry } from './ingest/registry.ts';
import { createSqliteJournal } from './journal/sqlite/journal.ts';
import { createLifecycle } from './lifecycle.ts';
import { createLiveServer } from './live/server.ts';
import { createCorrelation } from './log/correlation.ts';
import { createKnowledge } from './knowledge/knowledge.ts';
import { createLlm } from './llm/llm.ts';
import { createVersionWatch } from './llm/versions.ts';
import { createLog } from './log/log.ts';
import { createRecentTroubles } from './log/recent.ts';
import { createSqliteMetadata } from './metadata/sqlite/metadata.ts';
import { createMetrics, registerLogLines } from './metrics/metrics.ts';
import { withOwnPlan } from './own-streams.ts';
import { createReload } from './reload.ts';
import { supervise, type Supervisor } from './supervisor.ts';
import { createTrials } from './trials.ts';
import { createTrimmer } from './trimmer.ts';
import { readVersion } from './version.ts';

/** The product on one machine, put together. This file is the only one that knows every part. */
export interface App {
	/** @returns false when it was stopped meanwhile */
	start(): Promise<boolean>;
	stop(): Promise<void>;
	/** Rejects when a part without which nothing works cannot go on; whoever runs the process starts it again. */
	readonly ended: Promise<void>;
	/** What a person at the terminal needs to know once it runs. */
	greeting(): string;
}

const PARTITION = 0;
const ROOT = fileURLToPath(new URL('../../..', import.meta.url));

/** @throws ConfigError with everything that is wrong in settings and configuration file; nothing is left open then */
export async function compose({ env }: { readonly env: NodeJS.ProcessEnv }): Promise<App> {
	let current = readConfiguration(env);
	const { settings, config } = current;
	const publicUrl = settings.publicUrl ?? config.url;
	const version = readVersion();
	const now = createWallClock();
	const nowMs = performance.now.bind(performance);

	const folder = openDataFolder(settings.dataFolder);
	const troubles = createRecentTroubles();
	const correlation = createCorrelation();
	const log = createLog({ level: settings.logLevel, onLine: troubles.take, fields: correlation.fields });
	const registry = createMetrics();
	registerLogLines(registry, troubles.counts);
	const journal = await createSqliteJournal({ file: folder.journal, log, registry, now });
	const broken = Promise.withResolvers<never>();
	const metadata = await createSqliteMetadata({
		file: folder.metadata,
		log,
		now,
		registry,
		onBroken: broken.reject,
	});

	const engine = createEngine({ journal, partition: PARTITION, log, registry, now });
	const ticker = createTicker({ journal, partition: PARTITION, now, everyMs: 1000, log });
	const { alerts, secrets, pictures, ...alerting } = composeAlerts({
		...{ metadata, folder, publicUrl, log, registry, now, nowMs },
		config: config.alerts,
		allow: settings.allowAddresses,
	});
	const cases = createCases({ journal, metadata, partition: PARTITION, alerting: alerts, log, registry });
	cases.onChange(alerts.wake);
	const demo = createDemo({
		file: folder.demo,
		byDefault: settings.demo,
		config: () => current.config,
		run: () => collectors.run(sources(current.config)),
		async removeSite(site, by) {
			await streams.held(() => metadata.streams.removeSite(site, by));
			await streams.replan();
		},
	});
	const demoPlanFor = withDemoPlans((name) => current.planFor(name));
	const streams = createStreamRegistry({
		metadata,
		journal,
		planFor: withOwnPlan((name) => (demo.isOn() ? demoPlanFor(name) : current.planFor(name))),
		derived: () => current.derived.map(({ rule }) => rule),
		log,
		streamsPerKey: config.limits.streamsPerKey,
	});
	const modelVersions = createVersionWatch({ events: metadata.events, log });
	const ingest = createIngest({
		journal,
		registry: streams,
		partition: PARTITION,
		now,
		log,
		metrics: registry,
		lastMicros: engine.lastMicros,
		pointsPerSecondPerKey: config.limits.pointsPerSecondPerKey,
		onCalls: modelVersions.see,
		onEvents: async (events) => {
			for (const event of events) await metadata.events.add(event);
		},
	});

	const {
		store,
		writer,
		expiry,
		process: storeProcess,
	} = composeStore({
		...{ journal, metadata, partition: PARTITION, log, registry, now },
		retention: config.retention,
		address: settings.clickhouseUrl,
		dataFolder: folder.clickhouse,
	});
	const llm = createLlm({
		ingest,
		store,
		metadata,
		prices: config.prices,
		see: modelVersions.see,
		targets: config.proxy.targets,
		otlp: config.otlp,
		now,
		nowMs,
		log,
		registry,
	});
	const knowledge = createKnowledge({
		...{ journal, ingest, metadata, partition: PARTITION, now, nowMs, log, registry },
		store,
		config: config.knowledge,
	});
	const analyses = composeRca({
		...{ config, metadata, store, engine, knowledge, now, log, registry },
		collectorsOf: (site) =>
			sources(current.config)
				.filter((one) => (one.site ?? current.config.site) === site)
				.map(({ name }) => name),
	});
	const { collectorsKey, identity, auth } = composeAccess({
		...{ settings, metadata, folder, publicUrl, log, now },
		defaultSite: config.site,
		instance: journal.generation,
	});
	const live = createLiveServer({
		engine,
		cases,
		metadata,
		store,
		epoch: journal.generation,
		now,
		log,
		registry,
	});
	const collectors = createCollectorsPart({
		hub: () => ({ hubUrl: hubUrl(), key: collectorsKey, spoolFolder: folder.spool }),
		log,
		nowMs,
		now,
		registry,
	});
	const hubUrl = () => urlOf(http.server, settings.host);
	let storeKeeper: Supervisor | undefined;
	const supervisors = () => [...(storeKeeper ? [storeKeeper] : []), ...collectors.supervisors()];
	const versions = {
		sigmascope: version,
		node: process.versions.node,
		sqlite: process.versions.sqlite ?? 'unknown',
	};
	const watch = composeWatch({
		...{ journal, partition: PARTITION, engine, cases, writer, store, metadata, ingest },
		...{ collectors, supervisors, troubles, versions, registry, log, now, nowMs },
		lastBackup: () => backups.last(),
		dataFolder: folder.path,
	});
	const trials = createTrials({
		allow: settings.allowAddresses,
		spoolFolder: folder.spool,
		nowMs,
		newId: randomUUID,
	});
	const backups = composeBackups({
		...{ settings, folder, journal, store, writer, streams, versions, log, registry, now },
		whileNothingIsTrimmed: (work) => trimmer.held(work),
	});
	const boards = createBoards({ folder: boardsFolder(settings), env, log });
	const exports = composeExport({
		...{ store, metadata, engine, pictures, journal, partition: PARTITION, versions, now, registry },
		storedUpTo: writer.position,
		dataFolder: folder.path,
	});
	const http = createHttp({
		exports,
		ingest,
		llm,
		knowledge,
		live,
		engine,
		store,
		metadata,
		cases,
		alerts,
		secrets,
		rca: analyses.rca,
		relayPlans: streams.relay,
		auth,
		identity,
		publicUrl,
		registry,
		log,
		correlate: correlation.run,
		now,
		buildFolder: join(ROOT, 'build'),
		health: watch.health,
		status: watch.status,
		system: watch.system,
		backups,
		demo,
		trials,
		boards,
		screens: createScreens({ now }),
		version,
	});
	const trimmer = createTrimmer({
		journal,
		partition: PARTITION,
		inputsDone: () => Math.min(engine.snapshotPosition(), writer.position()),
		callsDone: writer.position,
		verdictsDone: () => Math.min(cases.position(), writer.position()),
		log,
	});

	const sources = (from: Config) => [...from.collectors, ...demo.collectors()];
	const reload = settings.configFile && createReload({ file: settings.configFile, read, apply, log });

	function read(): ReturnType<typeof readConfiguration> {
		return readConfiguration(env);
	}

	/** Plans, alerts, language models and collectors follow the file; site, address, retention and limits are read at the start. */
	async function apply(next: ReturnType<typeof readConfiguration>): Promise<void> {
		current = next;
		await alerts.configure(next.config.alerts);
		await analyses.configure(next.config);
		knowledge.configure(next.config.knowledge);
		await streams.replan();
		await collectors.run(sources(next.config));
	}

	/** ClickHouse may come up while everything is being stopped. */
	const onceStored = (work: () => void) => void storeKeeper?.up.then(() => lifecycle.isStopping() || work());

	/** What brings points begins last and ends first. */
	const lifecycle = createLifecycle(
		[
			{ name: 'data folder', stop: folder.release },
			{ name: 'journal', stop: journal.close },
			{ name: 'metadata', stop: metadata.close },
			{
				name: 'store',
				start: () => void (storeKeeper = supervise({ part: storeProcess, log, nowMs })),
				stop: () => storeKeeper?.stop(),
			},
			{ name: 'engine', ...engine },
			{ name: 'alerts', ...alerting },
			{ name: 'cases', ...cases },
			{ name: 'streams', start: streams.start },
			{ name: 'store writer', start: () => onceStored(writer.start), stop: writer.stop },
			{ name: 'ticker', ...ticker },
			{ name: 'trimmer', ...trimmer },
			{ name: 'expiry', start: () => config.retention.sites && expiry.start(), stop: expiry.stop },
			{ name: 'vitals', start: watch.start, stop: watch.stop },
			{ name: 'backups', ...backups },
			{ name: 'identity', start: () => identity.start(settings.owner) },
			{ name: 'trials', stop: trials.stop },
			{ name: 'proxy', stop: () => llm.proxy.flush().finally(llm.proxy.close) },
			{ name: 'knowledge', start: () => onceStored(knowledge.start), stop: knowledge.stop },
			{ name: 'http', start: () => listenAt(http.server, settings), stop: http.close },
			{ name: 'exports', stop: exports.stop },
			{ name: 'analyses', stop: analyses.stop },
			{ name: 'live', stop: live.close },
			{ name: 'own streams', start: () => config.ownStreams && watch.startStreams(), stop: watch.stopStreams },
			{ name: 'collectors', start: () => collectors.run(sources(config)), stop: collectors.stop },
			{ name: 'boards', start: boards.start, stop: boards.stop },
			{ name: 'configuration', ...reload },
		],
		{ log },
	);

	function greeting(): string {
		const names = sources(config).map((collector) => collector.name);
		return [
			`Sigmascope ${version} is running.`,
			`  open   ${(publicUrl ?? hubUrl()).replace(/\/$/, '')}/${identity.isSetUp() ? '' : `?token=${folder.startToken()}`}`,
			`  data   ${folder.path}`,
			`  source ${names.join(', ') || 'none configured; POST /api/v1/points takes points'}`,
		].join('\n');
	}

	return {
		start: lifecycle.start,
		stop: lifecycle.stop,
		ended: Promise.race([engine.ended, broken.promise]),
		greeting,
	};
}
