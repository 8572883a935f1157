import { BedrockRuntimeClient, ConverseStreamCommand } from '@aws-sdk/client-bedrock-runtime';
import { createBedrockReader } from '#lib/llm/bedrock.ts';
import type { Fetch } from '../exchange.ts';
import { revealed, type Access } from './access.ts';
import type { Provider, ProviderContext } from './provider.ts';

/** What of a signed request is sent; the client has many more fields. */
interface SignedRequest {
	readonly protocol: string;
	readonly hostname: string;
	readonly port?: number | undefined;
	readonly method: string;
	readonly path: string;
	readonly headers: Record<string, string>;
	readonly body?: unknown;
}

/** Amazon Bedrock through AWS's client: it signs, and reads AWS's event stream; what it sends goes over our transport. */
export function createBedrock(access: Access, region: string): Provider {
	return {
		async *stream({ model, prompt, maxTokens, temperature }, context) {
			const reader = createBedrockReader();
			const client = clientOf(access, region, context);
			const command = new ConverseStreamCommand({
				modelId: model,
				messages: [{ role: 'user', content: [{ text: prompt }] }],
				inferenceConfig: { maxTokens, ...(temperature === null ? {} : { temperature }) },
			});
			try {
				const { stream = [] } = await client.send(command, { abortSignal: context.signal });
				for await (const event of stream) yield* reader.take(event);
			} finally {
				client.destroy();
			}
		},
	};
}

/** A key is one of Bedrock's own; without one AWS's chain is asked: environment, profile, the machine's role. */
function clientOf({ baseUrl, key, headers }: Access, region: string, { fetch }: ProviderContext): BedrockRuntimeClient {
	const secret = key?.reveal();
	return new BedrockRuntimeClient({
		region,
		...(baseUrl === undefined ? {} : { endpoint: baseUrl }),
		...(secret === undefined ? {} : { token: { token: secret }, authSchemePreference: ['httpBearerAuth'] }),
		maxAttempts: 1,
		requestHandler: { handle: (request: SignedRequest) => sendSigned(fetch, request, revealed(headers)) },
	});
}

async function sendSigned(fetch: Fetch, request: SignedRequest, more: Readonly<Record<string, string>>) {
	const { protocol, hostname, port, method, path, headers, body } = request;
	const url = `${protocol}//${hostname}${port === undefined ? '' : `:${port}`}${path}`;
	const response = await fetch(url, { method, headers: { ...headers, ...more }, body: body as string });
	return {
		response: { statusCode: response.status, headers: Object.fromEntries(response.headers), body: response.body },
	};
}
