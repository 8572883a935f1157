import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { CAUSES } from '#contracts/cause.ts';
import { formatTime } from '#contracts/time.ts';
import type { NarrationQuestion } from '../rca.ts';

export interface Prompt {
	/** Name and the first digits of its SHA-256: what an answer was given to can be looked up. */
	readonly version: string;
	/** What the model is told, and the data it is told about. The fence is drawn anew each time. */
	fill(question: NarrationQuestion, fence: string): { readonly system: string; readonly user: string };
}

const NAME = 'narration-1';
const MOST_CHARS = 400;
const MOST_EVIDENCE = 14;

/** @throws Error when the file is not there: it comes with the program */
export function readPrompt(): Prompt {
	const text = readFileSync(new URL(`./prompts/${NAME}.txt`, import.meta.url), 'utf8');
	const digest = createHash('sha256').update(text).digest('hex').slice(0, 8);
	return {
		version: `${NAME}@${digest}`,
		fill: (question, fence) => ({
			system: text.replaceAll('{{FENCE}}', fence),
			user: `${fence}\n${JSON.stringify(dataOf(question))}\n${fence}`,
		}),
	};
}

/** Only what may be talked about: what is left out cannot leak. */
function dataOf({ about, evidence, hypotheses }: NarrationQuestion): object {
	const { violation, stream } = about;
	return {
		alarm: {
			stream: clean(stream.key),
			unit: clean(stream.unit),
			rule: violation.rule,
			side: violation.side,
			since: formatTime(violation.firstMicros),
		},
		evidence: evidence.slice(0, MOST_EVIDENCE).map(({ id, kind, detail }) => ({ id, kind, detail: clean(detail) })),
		causes: hypotheses.map((one) => ({ cause: one.cause, for: one.for, against: one.against })),
	};
}

/** Without what nobody sees, and cut. */
export function clean(text: string): string {
	const visible = text.replace(/[\p{Cc}\p{Cf}\p{Co}\p{Cs}\p{Zl}\p{Zp}]+/gu, ' ').trim();
	return visible.length > MOST_CHARS ? `${visible.slice(0, MOST_CHARS)}…` : visible;
}

/** What an answer has to look like, for providers that keep a model to it. */
export const ANSWER_SCHEMA = {
	type: 'object',
	properties: {
		sentences: {
			type: 'array',
			items: {
				type: 'object',
				properties: {
					text: { type: 'string' },
					evidence: { type: 'array', items: { type: 'string' } },
					cause: { type: 'string', enum: [...CAUSES] },
				},
				required: ['text', 'evidence', 'cause'],
				additionalProperties: false,
			},
		},
	},
	required: ['sentences'],
	additionalProperties: false,
} as const;
