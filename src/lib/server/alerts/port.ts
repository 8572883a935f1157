import type { AlertsConfig, RouteConfig } from '#contracts/alert-config.ts';
import type { AlertOpening, AlertDeciding } from '../metadata/port-alerts.ts';
import type { Exchange } from './channels/kind.ts';
import type { LinkGrant } from './links.ts';

export interface ChannelState {
	/** Stays the same for as long as it sends to the same address. */
	readonly id: string;
	readonly route: string;
	readonly type: string;
	readonly title: string;
	/** off: the other side said that it is gone; held: it does not answer, or asked us to wait. */
	readonly state: 'on' | 'held' | 'off';
	readonly reason: string | null;
	readonly heldUntilMicros: number | null;
	readonly waiting: number;
	readonly dead: number;
	readonly sent: number;
}

export interface RouteState {
	readonly name: string;
	readonly config: RouteConfig;
	readonly channels: readonly ChannelState[];
}

export interface AlertOverview {
	readonly routes: readonly RouteState[];
	readonly maintenance: AlertsConfig['maintenance'];
	/** Why alerts carry no links; null when they do. */
	readonly noLinks: string | null;
}

export interface TestResult extends Exchange {
	readonly ok: boolean;
	readonly tookMs: number;
	/** What went wrong, in a line. */
	readonly fault: string | null;
}

/** A message that a route would have sent. */
export interface PreviewMessage {
	readonly atMicros: number;
	readonly group: string;
	readonly count: number;
	readonly counts: Readonly<Partial<Record<string, number>>>;
	/** The first few. */
	readonly violations: readonly {
		readonly id: string;
		readonly key: string;
		readonly rule: string;
		readonly change: string;
	}[];
}

export interface Preview {
	/** Violations of that time that were looked at, and those that the route tells of. */
	readonly looked: number;
	readonly told: number;
	/** Of them kept back by maintenance windows. */
	readonly suppressed: number;
	readonly messages: number;
	/** The first of them. */
	readonly items: readonly PreviewMessage[];
	/** There was more than is looked at. */
	readonly isCut: boolean;
}

export interface PreviewAsked {
	readonly name: string;
	readonly route: RouteConfig;
	readonly fromMicros: number;
	readonly toMicros: number;
	readonly sites: readonly string[] | 'all';
}

export interface DraftFault {
	/** From 1, in what was typed. */
	readonly line: number;
	readonly column: number;
	readonly path: string;
	readonly message: string;
}

/** What somebody typed; without faults it has a configuration. */
export interface Draft {
	readonly config: AlertsConfig | undefined;
	readonly faults: readonly DraftFault[];
}

export interface DraftPreview {
	readonly faults: readonly DraftFault[];
	readonly routes: readonly { readonly name: string; readonly preview: Preview }[];
}

/** Tells people and programs of violations, by the routes of the configuration. */
export interface Alerts extends Pick<AlertDeciding, 'decide'> {
	start(): Promise<void>;
	/** What is under way is given up; it is sent again after the next start. */
	stop(): Promise<void>;
	isOn(): boolean;
	decide(opening: AlertOpening): readonly { readonly route: string; readonly group: string }[];
	/** Something may be waiting. */
	wake(): void;
	/** The configuration has changed. */
	configure(config: AlertsConfig): Promise<void>;
	overview(): Promise<AlertOverview>;
	/** @returns undefined when there is no such channel */
	test(channelId: string, by: string): Promise<TestResult | undefined>;
	/** @returns false when there is no such message among the dead */
	resend(messageId: number): Promise<boolean>;
	/** @returns false when there is no such channel */
	turnOn(channelId: string): Promise<boolean>;
	preview(asked: PreviewAsked): Promise<Preview>;
	/** What routes would have sent that are not saved: YAML as in the configuration file. */
	previewDraft(yaml: string, asked: Omit<PreviewAsked, 'name' | 'route'>): Promise<DraftPreview>;
	/** What a link in an alert allows; undefined when it is none of ours, or over. */
	readLink(token: string): LinkGrant | undefined;
	/** The picture (PNG) that a link in an alert shows; undefined when it shows none, or is over. */
	chartBehind(token: string): Promise<Uint8Array | undefined>;
}
