import { z } from 'zod';
import { durationMs } from '#contracts/duration.ts';
import { keyFault } from '#contracts/stream.ts';
import { secretOption } from '../kit/secret.ts';
import { checkSchema } from './checks.ts';
import { BUILT_IN } from './prompts.ts';

const atLeast = (ms: number, text: string) => durationMs.refine((given) => given >= ms, `the shortest is ${text}`);
const several = <T extends z.ZodType>(one: T) => z.union([one, z.array(one).min(1)]);
const label = z.string().min(1).max(100).optional();
const perMTok = z.number().min(0);

export const PROVIDER_NAMES = [
	'openai',
	'anthropic',
	'gemini',
	'bedrock',
	'ollama',
	'openai-compatible',
	'http',
] as const;

const address = z.string().superRefine((text, context) => {
	const url = URL.canParse(text) ? new URL(text) : undefined;
	if (!url || !/^https?:$/.test(url.protocol) || url.username !== '' || url.password !== '')
		context.addIssue({ code: 'custom', message: 'write an address like https://host/v1, without user and password' });
});

const path = z
	.string()
	.regex(/^[^.\s]+(\.[^.\s]+)*$/, 'write names and places with dots between them: choices.0.delta.content');

export const httpSchema = z
	.strictObject({
		body: z
			.looseObject({})
			.describe('What is sent, as JSON; `{prompt}`, `{model}`, `{maxTokens}` and `{temperature}` are filled in.'),
		format: z.enum(['sse', 'ndjson']).default('sse').describe('Server-sent events, or a document a line.'),
		token: path.describe('Where in a document the new text is: `choices.0.delta.content`.'),
		end: path.optional().describe('What is there in the last document: text, or true.'),
		done: z.string().min(1).optional().describe('Or the text that comes instead of a last document: `[DONE]`.'),
		error: path.optional().describe('Where an error inside an answer is.'),
		usage: z
			.strictObject({
				input: path.optional(),
				output: path.optional(),
				cached: path.optional(),
				reasoning: path.optional(),
			})
			.default({})
			.describe(
				'Where the tokens are counted: `input`, `output`, `cached` (part of input), `reasoning` (part of output).',
			),
	})
	.refine(({ end, done }) => end !== undefined || done !== undefined, {
		path: ['end'],
		message: 'say how an answer ends, with "end" or "done": without that one that was cut off would look good',
	});
export type HttpTemplate = z.output<typeof httpSchema>;

export const targetSchema = z.strictObject({
	provider: z.enum(PROVIDER_NAMES).describe('How it is spoken to.'),
	model: z.string().min(1).max(120).describe('The model, as the provider names it.'),
	name: z
		.string()
		.min(1)
		.max(60)
		.optional()
		.describe('First segment of its streams, as `groq` of an openai-compatible one; the provider unless given.'),
	key: secretOption.optional().describe('The API key, or `file:` and a path.'),
	baseUrl: address
		.optional()
		.describe(
			'With `/v1` for openai and openai-compatible, the whole address for http, without a path for the others.',
		),
	api: z.enum(['chat', 'responses']).default('chat').describe('openai: which of its two.'),
	http: httpSchema.optional().describe('provider `http`: what is sent, and where in the answer things are.'),
	prompt: several(z.string()).default('short').describe('One prompt class or several; each has its own streams.'),
	concurrency: several(z.number().int().min(1).max(50))
		.default(1)
		.describe('How many calls at once, one number or several; each has its own streams.'),
	every: atLeast(1000, '1s').optional().describe('Interval of this target.'),
	maxTokens: z
		.number()
		.int()
		.min(1)
		.max(100_000)
		.optional()
		.describe('Of an answer, reasoning included; that of the prompt class unless given.'),
	temperature: z.number().min(0).max(2).default(0).describe('Left out by itself where the model refuses it.'),
	headers: z
		.record(z.string(), secretOption)
		.default({})
		.describe('More headers, as a gateway wants them; their values are secrets too.'),
	price: z
		.strictObject({
			inputPerMTok: perMTok,
			outputPerMTok: perMTok,
			cachedPerMTok: perMTok.optional(),
			cacheWritePerMTok: perMTok.optional(),
		})
		.optional()
		.describe(
			'USD per million tokens, in place of the price list: `inputPerMTok`, `outputPerMTok`, `cachedPerMTok`, `cacheWritePerMTok`.',
		),
	deployment: label.describe('Label of its streams.'),
	region: label.describe('Label of its streams; bedrock: the region that is asked.'),
	environment: label.describe('Label of its streams.'),
});
export type Target = z.output<typeof targetSchema>;

export const promptSchema = z.strictObject({
	text: z.string().min(1).max(1_000_000).describe('What is asked.'),
	maxTokens: z.number().int().min(1).max(100_000).default(200).describe('Of an answer.'),
	cache: z
		.enum(['bust', 'allow'])
		.default('bust')
		.describe('`bust` puts a number before the text that no cache has seen; `allow` measures the cache.'),
	checks: z
		.array(checkSchema)
		.max(10)
		.default([])
		.describe(
			'`{exact: text}`, `{regex: pattern}`, `{json: true}`, `{length: {min, max}}`: a stream of 1 and 0 for each.',
		),
});

export const llmProbeSchema = z
	.strictObject({
		every: atLeast(1000, '1s')
			.prefault('60s')
			.describe(
				'How often each target is asked; the prompt classes medium and long at most each 15 minutes and 3 hours.',
			),
		targets: z.array(targetSchema).min(1).max(1000).describe('Whom to ask:'),
		prompts: z
			.record(z.string().regex(/^[a-z0-9][a-z0-9-]{0,40}$/), promptSchema)
			.default({})
			.describe("Prompt classes of one's own, by name:"),
		connections: z
			.enum(['new', 'reused'])
			.default('new')
			.describe(
				'`new`: each call opens its own, so that all measure the same. `reused`: kept open as long as the provider does.',
			),
		firstToken: atLeast(1, '1ms').prefault('30s').describe('Deadline for the first token.'),
		idle: atLeast(1, '1ms').prefault('15s').describe('The longest silence after it.'),
		total: atLeast(1, '1ms').prefault('2m').describe('Deadline for the whole answer.'),
		maxConcurrent: z.number().int().min(1).max(500).default(20).describe('Calls under way at once, of all targets.'),
		budget: z
			.strictObject({ calls: z.number().int().min(1).optional(), usd: z.number().positive().optional() })
			.default({})
			.describe(
				'At most so many `calls` and `usd` a day (UTC); then it rests. Calls without a known price count as calls only.',
			),
		control: z
			.boolean()
			.default(true)
			.describe("Ask a server of our own on this machine too: what moves there is no provider's doing."),
	})
	.superRefine(({ targets, prompts }, context) => {
		const add = (path: (string | number)[], message: string) => context.addIssue({ code: 'custom', path, message });
		const names = [...Object.keys(prompts), ...BUILT_IN];
		const seen = new Map<string, number>();
		targets.forEach((target, i) => {
			const at = (option: string) => ['targets', i, option];
			for (const prompt of [target.prompt].flat())
				if (!names.includes(prompt))
					add(at('prompt'), `there is no prompt class "${prompt}"; there are ${names.join(', ')}`);
			const fault = keyFault(`${target.name ?? target.provider}/${target.model}/ttft_ms`);
			if (fault !== undefined) add(at('model'), `its streams cannot be named: ${fault}`);
			for (const [option, message] of lackOf(target)) add(at(option), message);
			for (const identity of identitiesOf(target)) {
				const earlier = seen.get(identity);
				seen.set(identity, i);
				if (earlier === undefined) continue;
				add(
					at('model'),
					`has the same streams as targets[${earlier}]: tell them apart by name, deployment, region or environment`,
				);
				break;
			}
		});
	});
export type LlmProbeConfig = z.output<typeof llmProbeSchema>;

/** What one provider needs and others do not. */
function lackOf({ provider, baseUrl, region, http }: Target): [string, string][] {
	const lacks: [string, string][] = [];
	if ((provider === 'openai-compatible' || provider === 'http') && baseUrl === undefined)
		lacks.push(['baseUrl', 'say where it is: https://host/v1']);
	if (provider === 'bedrock' && region === undefined) lacks.push(['region', 'say which one is asked: us-east-1']);
	if ((provider === 'http') !== (http !== undefined))
		lacks.push([
			'http',
			provider === 'http' ? 'say what is sent and where the answer is' : 'belongs to provider: http',
		]);
	return lacks;
}

/** What streams are named by. */
function identitiesOf(target: Target): string[] {
	const { provider, name = provider, model, deployment, region, environment } = target;
	return [target.prompt]
		.flat()
		.flatMap((prompt) =>
			[target.concurrency]
				.flat()
				.map((calls) => JSON.stringify([name, model, deployment, region, environment, prompt, calls])),
		);
}
