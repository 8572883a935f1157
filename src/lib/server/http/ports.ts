import type { Logger } from 'pino';
import type { Registry } from 'prom-client';
import type { ApiStatus } from '#contracts/status.ts';
import type { ApiSystem } from '#contracts/system.ts';
import type { NowMicros } from '#contracts/time.ts';
import type { Alerts } from '../alerts/port.ts';
import type { Auth } from '../auth/port.ts';
import type { Backups } from '../backup/port.ts';
import type { Boards, Screens } from '../boards/port.ts';
import type { Cases } from '../cases/port.ts';
import type { Demo } from '../demo/port.ts';
import type { EngineView } from '../engine/port.ts';
import type { Exports } from '../export/port.ts';
import type { Identity } from '../identity/port.ts';
import type { Ingest } from '../ingest/port.ts';
import type { Knowledge } from '../knowledge/port.ts';
import type { Llm } from '../llm/port.ts';
import type { LiveServer } from '../live/port.ts';
import type { Metadata } from '../metadata/port.ts';
import type { Rca } from '../rca/port.ts';
import type { Store } from '../store/port.ts';
import type { Trials } from '../trials/port.ts';
import type { KeptSecrets } from '../vault/port.ts';

/** `down` = points cannot be journaled; `degraded` = they can, but some part is not up. */
export interface Health {
	readonly status: 'ready' | 'degraded' | 'down';
	/** Each part's state in one word or short line: up, starting, down, … */
	readonly parts: Readonly<Record<string, string>>;
}

/** Everything that the API shows, handed in. */
export interface HttpPorts {
	readonly ingest: Ingest;
	readonly llm: Llm;
	readonly knowledge: Knowledge;
	readonly live: LiveServer;
	readonly engine: EngineView;
	readonly store: Store;
	readonly metadata: Metadata;
	readonly cases: Cases;
	readonly alerts: Alerts;
	readonly secrets: KeptSecrets;
	readonly rca: Rca;
	/** Brings a changed plan from metadata into the journal; the engine acts by it from there on. */
	readonly relayPlans: () => Promise<void>;
	readonly auth: Auth;
	readonly identity: Identity;
	/** The configured address, for links that somebody sends on. */
	readonly publicUrl?: string | undefined;
	readonly registry: Registry;
	readonly log: Logger;
	/** Gives the lines of a request its number. */
	readonly correlate: <T>(request: string, work: () => T) => T;
	readonly now: NowMicros;
	/** Where the built page is; it may be missing. */
	readonly buildFolder: string;
	readonly health: () => Health | Promise<Health>;
	readonly status: () => Promise<ApiStatus>;
	readonly system: () => Promise<ApiSystem>;
	readonly backups: Backups;
	readonly demo: Demo;
	readonly trials: Trials;
	readonly exports: Exports;
	readonly boards: Boards;
	readonly screens: Screens;
	readonly version: string;
	/** What a test wants smaller than the product does. */
	readonly bodyLimits?: Partial<BodyLimits>;
}

export interface BodyLimits {
	/** Of one body of points, after decompression. */
	readonly maxBytes: number;
	/** Of all bodies being read or taken at once. */
	readonly maxHeldBytes: number;
	/** Without a byte for this long the sender is given up. */
	readonly idleMs: number;
	/** For the whole body. */
	readonly totalMs: number;
}
