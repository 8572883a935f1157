import { Counter, Gauge, Histogram, type Registry } from 'prom-client';

export interface AlertMetrics {
	decided(route: string): void;
	suppressed(): void;
	attempt(channel: string, outcome: 'sent' | 'failed' | 'gave-up', seconds: number): void;
	/** From the making of a message until it arrived. */
	arrived(seconds: number): void;
	channels(
		states: readonly {
			readonly channel: string;
			readonly waiting: number;
			readonly dead: number;
			readonly isHeld: boolean;
		}[],
	): void;
}

export function createAlertMetrics(registry: Registry): AlertMetrics {
	const registers = [registry];
	const decisions = new Counter({
		name: 'sigmascope_alert_decisions_total',
		help: 'Violations that a route tells of',
		labelNames: ['route'],
		registers,
	});
	const suppressed = new Counter({
		name: 'sigmascope_alert_suppressed_total',
		help: 'Violations of which nobody is told because of a maintenance window',
		registers,
	});
	const attempts = new Counter({
		name: 'sigmascope_alert_attempts_total',
		help: 'Attempts to send a message, by what they came to',
		labelNames: ['channel', 'outcome'],
		registers,
	});
	const seconds = new Histogram({
		name: 'sigmascope_alert_attempt_seconds',
		help: 'Time of an attempt to send a message',
		buckets: [0.005, 0.02, 0.1, 0.5, 2, 10],
		registers,
	});
	const arrived = new Histogram({
		name: 'sigmascope_alert_arrival_seconds',
		help: 'From the making of a message until it has arrived, waits between attempts included',
		buckets: [0.01, 0.05, 0.25, 1, 10, 60, 600, 3600, 86_400],
		registers,
	});
	const gauge = (name: string, help: string) => new Gauge({ name, help, labelNames: ['channel'], registers });
	const waiting = gauge('sigmascope_alert_messages_waiting', 'Messages that have not arrived yet');
	const dead = gauge('sigmascope_alert_messages_dead', 'Messages that were given up');
	const held = gauge(
		'sigmascope_alert_channel_held',
		'1 while nothing is sent to a channel: it is off or does not answer',
	);
	return {
		decided: (route) => decisions.inc({ route }),
		suppressed: () => suppressed.inc(),
		attempt(channel, outcome, took) {
			attempts.inc({ channel, outcome });
			seconds.observe(took);
		},
		arrived: (took) => arrived.observe(took),
		channels(states) {
			for (const each of [waiting, dead, held]) each.reset();
			for (const { channel, ...state } of states) {
				waiting.set({ channel }, state.waiting);
				dead.set({ channel }, state.dead);
				held.set({ channel }, state.isHeld ? 1 : 0);
			}
		},
	};
}
