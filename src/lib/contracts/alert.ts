import type { ApiViolation } from './api.ts';
import type { Language } from './language.ts';
import type { Severity } from './violation.ts';

/** What can happen to a violation that somebody may want to hear of, the one that says most first. */
export const ALERT_CHANGES = ['opened', 'resolved', 'acknowledged', 'ended', 'updated'] as const;
export type AlertChange = (typeof ALERT_CHANGES)[number];

/** As sets of changes are kept: a bit for each. */
export const CHANGE_BITS: Readonly<Record<AlertChange, number>> = {
	opened: 1,
	updated: 2,
	ended: 4,
	acknowledged: 8,
	resolved: 16,
};

export function bitsOf(changes: readonly AlertChange[]): number {
	return changes.reduce((bits, change) => bits | CHANGE_BITS[change], 0);
}

/** @returns the change of these that says most; undefined when there is none */
export function leadingChange(bits: number): AlertChange | undefined {
	return ALERT_CHANGES.find((change) => (bits & CHANGE_BITS[change]) !== 0);
}

const SEVERITIES: readonly Severity[] = ['info', 'warning', 'critical'];

export function isAtLeast(severity: Severity, least: Severity): boolean {
	return SEVERITIES.indexOf(severity) >= SEVERITIES.indexOf(least);
}

export interface AlertStream {
	readonly id: string;
	readonly key: string;
	readonly labels: Readonly<Record<string, string>>;
	readonly site: string;
	readonly asset: string;
	readonly unit: string;
}

/** One violation of a message, as it was when the message was made. */
export interface AlertItem {
	readonly change: AlertChange;
	readonly violation: ApiViolation;
	readonly stream: AlertStream;
	/** What the plan says to do. */
	readonly reaction: readonly string[];
}

/** What a message says, decided once: however often it is sent, it says the same. */
export interface AlertContent {
	readonly route: string;
	readonly severity: Severity;
	/** Of what people read; English where the route says nothing. */
	readonly language?: Language;
	/** The first stand for all: no message lists thousands. */
	readonly items: readonly AlertItem[];
	/** Violations that changed; may be more than there are items. */
	readonly count: number;
	/** Of all that changed, by what happened. */
	readonly counts: Readonly<Partial<Record<AlertChange, number>>>;
	/** Every violation that it is about is one. */
	readonly violationIds: readonly string[];
}

/** waiting: to be sent or tried again; dead: given up, until somebody sends it again. */
export type AlertMessageState = 'waiting' | 'sent' | 'dead';

/** A message to one channel. */
export interface AlertMessage {
	readonly id: number;
	/** Sent with every attempt: a second message of the same key is the first one again. */
	readonly key: string;
	readonly route: string;
	readonly group: string;
	readonly channel: string;
	readonly content: AlertContent;
	readonly createdMicros: number;
	readonly dueMicros: number;
	/** That have been made. */
	readonly attempts: number;
	readonly state: AlertMessageState;
	/** What the last attempt came to. */
	readonly detail: string | null;
}

/** One attempt, as the delivery log keeps it. */
export interface AlertAttempt {
	readonly id: number;
	readonly messageId: number;
	readonly channel: string;
	readonly atMicros: number;
	readonly attempt: number;
	readonly tookMs: number;
	readonly outcome: 'sent' | 'failed' | 'gave-up';
	readonly status: number | null;
	readonly detail: string;
}
