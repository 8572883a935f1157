import type { Logger } from 'pino';
import type { Registry } from 'prom-client';
import type { AlertsConfig } from '#contracts/alert-config.ts';
import type { AlertContent, AlertMessage } from '#contracts/alert.ts';
import { toApiViolation } from '#contracts/api.ts';
import { messageOf } from '#contracts/error.ts';
import { createSecret } from '#contracts/secret.ts';
import { MICROS_PER_MS, type NowMicros } from '#contracts/time.ts';
import type { Dialer } from '../dial/port.ts';
import type { Metadata } from '../metadata/port.ts';
import type { KeptSecrets } from '../vault/port.ts';
import { bindChannels, type BoundChannel } from './bound.ts';
import { DeliveryFault, type ChannelPorts, type Outgoing } from './channels/kind.ts';
import { draftOver, parseDraft } from './draft.ts';
import { createDispatcher } from './dispatcher.ts';
import { createChartImages, type ChartImageOptions } from './chart-images.ts';
import { createLinks, type LinkAct } from './links.ts';
import { createAlertMetrics } from './metrics.ts';
import type { Alerts, ChannelState, TestResult } from './port.ts';
import { previewRoute } from './preview.ts';
import { compileRoutes, maintenanceOf } from './routes.ts';
import { testContent } from './test-content.ts';

const LONGEST_SLEEP_MS = 60_000;
const AFTER_FAULT_MS = 1000;
/** A turn costs as much as is waiting: it never takes more than a part of the time. */
const LONGEST_PAUSE_MS = 200;
const TIDY_EVERY_MS = 3_600_000;
const KEPT_MS = 90 * 24 * 3_600_000;
const TEST_WITHIN_MS = 20_000;

export interface AlertsOptions extends Pick<ChartImageOptions, 'pictures' | 'timeZone'> {
	readonly metadata: Pick<Metadata, 'alerts' | 'violations' | 'streams' | 'limits'>;
	readonly dialer: Dialer;
	/** That channels name as `secret:NAME`. */
	readonly secrets: Pick<KeptSecrets, 'reveal'>;
	readonly config: AlertsConfig;
	/** Where people reach this server; without it alerts carry no links. */
	readonly publicUrl: string | undefined;
	/** Signs links in alerts. */
	readonly linkKey: Uint8Array;
	/** For secrets in files. */
	readonly readFile: (path: string) => string;
	readonly now: NowMicros;
	readonly nowMs: () => number;
	/** 0 to 1. */
	readonly random: () => number;
	readonly log: Logger;
	readonly registry?: Registry;
}

/** Of the page with one button (http/alert-link-routes.ts). */
const LINK_PATH = '/api/v1/alerts/links/';
const CHART_PATH = '/api/v1/alerts/charts/';
const NO_URL = 'SIGMASCOPE_URL (or url: in the configuration) is not set: this server does not know its own address';

export function createAlerts(options: AlertsOptions): Alerts {
	const { metadata, now, nowMs, log } = options;
	const metrics = options.registry && createAlertMetrics(options.registry);
	const links = createLinks(options.linkKey);
	const images = createChartImages(options);
	const base = options.publicUrl?.replace(/\/+$/, '');
	const ports: ChannelPorts = {
		dialer: options.dialer,
		now,
		secretOf: (text) => createSecret(text, options.readFile, options.secrets.reveal),
		host: (base === undefined ? undefined : URL.parse(base)?.hostname) ?? 'sigmascope',
	};
	const stopping = new AbortController();
	let config = options.config;
	let routes = new Map(compileRoutes(config).map((route) => [route.name, route]));
	let isMaintained = maintenanceOf(config);
	let channels: ReadonlyMap<string, BoundChannel> = new Map();
	let woken = Promise.withResolvers<void>();
	let running: Promise<void> = Promise.resolve();

	const wake = () => woken.resolve();
	const dispatcher = createDispatcher({
		metadata,
		routes: () => routes,
		channels: () => channels,
		outgoing,
		now,
		random: options.random,
		log,
		metrics,
		onDone: wake,
		signal: stopping.signal,
	});

	function outgoing(message: AlertMessage, threads: ReadonlyMap<string, string>): Outgoing {
		const { key, createdMicros, content, channel } = message;
		const grant = (act: LinkAct, violationId: string) => links.sign({ act, violationId, channel }, createdMicros);
		const itemLinks = content.items.map(({ violation: { id, state } }) => ({
			dashboard: base === undefined ? null : `${base}/violations/${id}`,
			acknowledge: base === undefined || state !== 'open' ? null : `${base}${LINK_PATH}${grant('acknowledge', id)}`,
			chartPng: base === undefined ? null : `${base}${CHART_PATH}${grant('chart', id)}`,
		}));
		const noLinks = base === undefined ? NO_URL : null;
		return { key, createdMicros, content, threads, links: itemLinks, noLinks, ...chartOf(content) };
	}

	/** Of what is told alone: among several no one's is the right one. */
	function chartOf({ items, count, language }: AlertContent): Pick<Outgoing, 'chart'> {
		const [first] = items;
		return first && count === 1 ? { chart: () => images.of(first.violation, language) } : {};
	}

	/** As it is now: who opens the link later sees what came after. */
	async function chartBehind(token: string): Promise<Uint8Array | undefined> {
		const grant = links.read(token, 'chart', now());
		const violation = grant && (await metadata.violations.get(grant.violationId));
		const of = violation && (await metadata.streams.get(violation.streamId));
		if (!of) return undefined;
		const { id, key, labels, site, unit } = of.stream;
		return images.of(toApiViolation(violation, { id: String(id), key, labels, site, unit }));
	}

	async function sleep(ms: number): Promise<void> {
		let timer: ReturnType<typeof setTimeout> | undefined;
		const timeout = new Promise<void>((resolve) => (timer = setTimeout(resolve, ms)));
		await Promise.race([timeout, woken.promise]);
		clearTimeout(timer);
		woken = Promise.withResolvers();
	}

	async function turn(): Promise<number> {
		try {
			const next = await dispatcher.turn();
			if (metrics) metrics.channels(await statesOf());
			return next === undefined ? LONGEST_SLEEP_MS : Math.max(0, (next - now()) / MICROS_PER_MS);
		} catch (error) {
			log.error({ err: error }, `alerts wait: ${messageOf(error)}`);
			return AFTER_FAULT_MS;
		}
	}

	async function keepTurning(): Promise<void> {
		let tidyAt = 0;
		while (!stopping.signal.aborted) {
			const begun = nowMs();
			const nextMs = await turn();
			const took = nowMs() - begun;
			if (begun >= tidyAt) {
				tidyAt = begun + TIDY_EVERY_MS;
				await metadata.alerts
					.tidy(now() - KEPT_MS * MICROS_PER_MS)
					.catch((error: unknown) => log.error({ err: error }, 'cannot tidy alerts'));
			}
			await sleep(Math.min(nextMs, LONGEST_SLEEP_MS));
			const pause = Math.min(took, LONGEST_PAUSE_MS);
			if (pause > 5 && !stopping.signal.aborted) await new Promise((resolve) => setTimeout(resolve, pause));
		}
	}

	async function statesOf() {
		const counts = await metadata.alerts.counts();
		return [...channels.values()].map(({ id, breaker }) => {
			const of = (state: string) => counts.find((one) => one.channel === id && one.state === state)?.count ?? 0;
			const isHeld = breaker.heldUntil() > now() || dispatcher.isOff(id) !== undefined;
			return { channel: id, waiting: of('waiting'), dead: of('dead'), sent: of('sent'), isHeld };
		});
	}

	async function channelStates(): Promise<ChannelState[]> {
		const states = await statesOf();
		return [...channels.values()].map(({ id, route, type, channel, breaker }): ChannelState => {
			const { waiting = 0, dead = 0, sent = 0 } = states.find((one) => one.channel === id) ?? {};
			const off = dispatcher.isOff(id);
			const heldUntil = breaker.heldUntil();
			const isHeld = heldUntil > now();
			return {
				id,
				route,
				type,
				title: channel.title,
				state: off ? 'off' : isHeld ? 'held' : 'on',
				reason: off?.reason ?? (isHeld ? 'it did not answer, or asked us to wait' : null),
				heldUntilMicros: isHeld ? heldUntil : null,
				waiting,
				dead,
				sent,
			};
		});
	}

	async function test(channelId: string, by: string): Promise<TestResult | undefined> {
		const bound = channels.get(channelId);
		if (!bound) return undefined;
		const begun = nowMs();
		const signal = AbortSignal.any([stopping.signal, AbortSignal.timeout(TEST_WITHIN_MS)]);
		const message: Outgoing = {
			key: `msg_test_${Math.floor(options.random() * 2 ** 48).toString(36)}`,
			createdMicros: now(),
			content: testContent({
				route: bound.route,
				language: config.routes[bound.route]?.language ?? 'en',
				by,
				atMicros: now(),
			}),
			links: [{ dashboard: base === undefined ? null : `${base}/alerts`, acknowledge: null, chartPng: null }],
			noLinks: base === undefined ? NO_URL : null,
			threads: new Map(),
			isTest: true,
		};
		try {
			const { exchange } = await bound.channel.send(message, signal);
			return { ok: true, tookMs: Math.round(nowMs() - begun), fault: null, ...exchange };
		} catch (error) {
			const exchange = error instanceof DeliveryFault ? error.exchange : { request: '', answer: '', status: null };
			return { ok: false, tookMs: Math.round(nowMs() - begun), fault: messageOf(error), ...exchange };
		}
	}

	return {
		async start() {
			channels = await bindChannels(config, channels, ports);
			await dispatcher.start();
			running = keepTurning();
		},
		async stop() {
			stopping.abort();
			wake();
			await running;
			await dispatcher.settled();
			for (const { channel } of channels.values()) await channel.close().catch(() => undefined);
		},
		isOn: () => routes.size > 0,
		decide(opening) {
			const at = now();
			const taken = [...routes.values()].filter((route) => route.takes(opening, at));
			if (taken.length === 0) return [];
			if (isMaintained(opening, at)) {
				metrics?.suppressed();
				return [];
			}
			for (const { name } of taken) metrics?.decided(name);
			return taken.map((route) => ({ route: route.name, group: route.groupOf(opening) }));
		},
		wake,
		async configure(next) {
			config = next;
			routes = new Map(compileRoutes(config).map((route) => [route.name, route]));
			isMaintained = maintenanceOf(config);
			channels = await bindChannels(config, channels, ports);
			wake();
		},
		async overview() {
			const states = await channelStates();
			return {
				routes: [...routes.values()].map(({ name, config: of }) => ({
					name,
					config: of,
					channels: states.filter(({ route }) => route === name),
				})),
				maintenance: config.maintenance,
				noLinks: base === undefined ? NO_URL : null,
			};
		},
		test,
		async resend(messageId) {
			const done = await metadata.alerts.again(messageId);
			wake();
			return done;
		},
		async turnOn(channelId) {
			if (!channels.has(channelId)) return false;
			await dispatcher.turnOn(channelId);
			wake();
			return true;
		},
		preview: (asked) => previewRoute(metadata, config, asked),
		async previewDraft(yaml, asked) {
			const { config: draft, faults } = parseDraft(yaml);
			if (!draft) return { faults, routes: [] };
			const over = draftOver(draft, config);
			const routesOf = Object.entries(draft.routes).map(async ([name, route]) => {
				return { name, preview: await previewRoute(metadata, over, { ...asked, name, route }) };
			});
			return { faults: [], routes: await Promise.all(routesOf) };
		},
		readLink: (token) => links.read(token, 'acknowledge', now()),
		chartBehind,
	};
}
