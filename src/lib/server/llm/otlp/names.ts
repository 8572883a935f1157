/**
 * What things are called: OpenTelemetry's conventions for generative AI, new names before old ones, and those of OpenInference, OpenLLMetry,
 * OpenLIT, Langfuse and the Vercel AI SDK, where they say something that the conventions have no name for.
 */
export const NAMES = {
	operation: ['gen_ai.operation.name', 'llm.request.type', 'openinference.span.kind', 'langfuse.observation.type'],
	provider: ['gen_ai.provider.name', 'gen_ai.system', 'llm.provider', 'llm.system', 'ai.model.provider'],
	model: ['gen_ai.request.model', 'llm.request.model', 'llm.model_name', 'ai.model.id'],
	responseModel: ['gen_ai.response.model', 'llm.response.model', 'ai.response.model'],
	inputTokens: [
		'gen_ai.usage.input_tokens',
		'gen_ai.usage.prompt_tokens',
		'llm.usage.prompt_tokens',
		'llm.token_count.prompt',
		'ai.usage.promptTokens',
	],
	outputTokens: [
		'gen_ai.usage.output_tokens',
		'gen_ai.usage.completion_tokens',
		'llm.usage.completion_tokens',
		'llm.token_count.completion',
		'ai.usage.completionTokens',
	],
	cachedTokens: [
		'gen_ai.usage.cache_read.input_tokens',
		'gen_ai.usage.cache_read_input_tokens',
		'llm.token_count.prompt_details.cache_read',
	],
	cacheWriteTokens: [
		'gen_ai.usage.cache_write.input_tokens',
		'gen_ai.usage.cache_creation.input_tokens',
		'gen_ai.usage.cache_creation_input_tokens',
		'llm.token_count.prompt_details.cache_write',
	],
	reasoningTokens: [
		'gen_ai.usage.reasoning.output_tokens',
		'gen_ai.usage.reasoning_tokens',
		'llm.token_count.completion_details.reasoning',
	],
	/** Seconds. */
	firstChunkS: ['gen_ai.response.time_to_first_chunk', 'gen_ai.client.operation.time_to_first_chunk'],
	firstTokenS: ['gen_ai.server.time_to_first_token', 'gen_ai.server.ttft'],
	firstChunkMs: ['ai.response.msToFirstChunk'],
	/** RFC 3339. */
	firstTokenAt: ['langfuse.observation.completion_start_time'],
	finish: ['gen_ai.response.finish_reasons', 'gen_ai.response.finish_reason', 'ai.response.finishReason'],
	fingerprint: ['openai.response.system_fingerprint', 'gen_ai.openai.response.system_fingerprint'],
	error: ['error.type', 'exception.type'],
	status: ['http.response.status_code', 'http.status_code'],
	costUsd: ['gen_ai.usage.cost'],
	tokenType: ['gen_ai.token.type'],
	promptClass: ['sigmascope.prompt_class'],
	region: ['cloud.region', 'aws.region'],
	environment: ['deployment.environment.name', 'deployment.environment'],
} as const;

/** What was asked and answered: passed over unless the configuration asks for it. */
export const CONTENT_NAMES = {
	instructions: ['gen_ai.system_instructions'],
	input: [
		'gen_ai.input.messages',
		'gen_ai.prompt',
		'input.value',
		'ai.prompt.messages',
		'ai.prompt',
		'langfuse.observation.input',
	],
	output: [
		'gen_ai.output.messages',
		'gen_ai.completion',
		'output.value',
		'ai.response.text',
		'langfuse.observation.output',
	],
} as const;

export const WANTED: ReadonlySet<string> = new Set(Object.values(NAMES).flat());

export const WANTED_WITH_CONTENT: ReadonlySet<string> = new Set([...WANTED, ...Object.values(CONTENT_NAMES).flat()]);

/** Operations that ask a model for an answer; agents, tools and embeddings are none, and contain some. */
export const ASKING: ReadonlySet<string> = new Set([
	'chat',
	'text_completion',
	'generate_content',
	'completion',
	'llm',
	'generation',
]);
