import { pino } from 'pino';
import { systemClock } from '../clock.ts';
import { createLife } from '../life.ts';
import { counter } from './counter.ts';

/** Counts into a queue and sends it, until all of it has arrived: a process to be killed. */
const [hubUrl = '', spoolFolder = '', until = '0', fromMicros = '0', spoolOptions = '{}'] = process.argv.slice(2);
const life = createLife({
	name: 'counter',
	typeName: 'counter',
	type: counter,
	options: { until: Number(until), fromMicros: Number(fromMicros) },
	spoolOptions: JSON.parse(spoolOptions) as unknown,
	site: undefined,
	hubUrl,
	key: 'drill',
	spoolFolder,
	log: pino({ level: 'silent' }),
	clock: systemClock(),
	random: Math.random,
	ackWithinMs: 200,
});
const watch = setInterval(() => {
	const { state, spool } = life.status();
	if (state !== 'ended' || spool.depth > 0) return;
	clearInterval(watch);
	void life.stop();
}, 10);
