import { createServer } from 'node:http';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';

/**
 * A server of embeddings on Ollama's wire that gives the same text the same vector everywhere: each word is a direction drawn from
 * its letters, words of one group below share most of theirs. It stands in for a model, and no figure measured with it says anything
 * about one: it shows what fusing two ways does when the second knows what words mean.
 */
const GROUPS = [
	'hot heat heats overheat overheats warm temperature cool cooler',
	'oil grease lubrication lubricate',
	'often every hours interval',
	'rust rusts corrode corrosion',
	'part parts piece pieces workpiece workpieces',
	'size dimension dimensions length diameter large larger grew',
	'morning night warm-up',
	'replace replaced exchange exchanged change new',
	'insert inserts cutting tool grade',
	'chip chips swarf nest',
	'conveyor transport belt',
	'jam jammed stops stop stopped torque',
	'probe sensor touch stylus thermocouple',
	'noisy scatter noise varies errors',
	'curtain beam light safety',
	'interrupted broken break failed failure',
	'nobody near there',
	'double two sheets blank blanks',
	'fed feed feeder feeding',
	'die set clamp',
	'growl growling sound noise rattles rattling whine',
	'speed rpm turns',
	'maximum upper limit quota exceed budget',
	'hard hardness soft softly gears',
	'blue colours discoloured',
	'burner flame ignite ionisation',
	'hunts oscillating',
	'leak leakage dripping worn',
	'rod cylinder piston',
	'peak peaks spike spikes',
	'provider providers',
	'first begins start time late slow',
	'prompt prompts',
	'answer answers response',
	'model version versions name',
	'differently changes step',
	'cut truncated middle ends',
	'cost spending dollars money',
	'day days daily',
	'hole holes bore bores',
	'missing lost outage',
	'reboot rebooted restarted restart',
	'alarm alarms signalled',
	'door',
].map((words) => words.split(' '));

const DIMENSIONS = 192;

export function vectorOf(text: string): number[] {
	const sum = new Array<number>(DIMENSIONS).fill(0);
	for (const word of text.toLowerCase().match(/[\p{L}\p{N}-]+/gu) ?? []) {
		if (word.length < 3) continue;
		add(sum, direction(word), 0.4);
		GROUPS.forEach((group, i) => group.includes(word) && add(sum, direction(`group ${i}`), 1));
	}
	const norm = Math.hypot(...sum) || 1;
	return sum.map((x) => x / norm);
}

function add(sum: number[], other: readonly number[], weight: number): void {
	other.forEach((x, i) => (sum[i] = (sum[i] ?? 0) + weight * x));
}

/** A direction drawn from a name (xorshift over its hash). */
function direction(name: string): number[] {
	let state = [...name].reduce((hash, char) => Math.imul(hash ^ (char.codePointAt(0) ?? 0), 16777619), -2128831035) | 1;
	return Array.from({ length: DIMENSIONS }, () => {
		state ^= state << 13;
		state ^= state >>> 17;
		state ^= state << 5;
		return (state >>> 0) / 2 ** 32 - 0.5;
	});
}

export async function startEmbeddings(): Promise<{
	readonly url: string;
	readonly asked: () => number;
	stop(): Promise<void>;
}> {
	let asked = 0;
	const server = createServer((request, response) => {
		const chunks: Buffer[] = [];
		request.on('data', (chunk: Buffer) => chunks.push(chunk));
		request.on('end', () => {
			asked++;
			const { model, input } = JSON.parse(Buffer.concat(chunks).toString('utf8')) as { model: string; input: string[] };
			response.setHeader('content-type', 'application/json');
			response.end(JSON.stringify({ model, embeddings: input.map(vectorOf) }));
		});
	});
	server.listen(0, '127.0.0.1');
	await once(server, 'listening');
	return {
		url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
		asked: () => asked,
		async stop() {
			server.closeAllConnections();
			await new Promise((resolve) => server.close(resolve));
		},
	};
}
