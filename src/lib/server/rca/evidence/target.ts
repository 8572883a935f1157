import type { Stream } from '#contracts/stream.ts';

const CONTROL = /^(control|loopback|localhost)$/i;

/** Provider, model and characteristic from a stream's key, `provider/model/characteristic`; models may have slashes. */
export function modelOf({ key, kind }: Pick<Stream, 'key' | 'kind'>) {
	const parts = key.split('/');
	if (kind !== 'llm' || parts.length < 3) return undefined;
	const [provider = '', ...rest] = parts;
	const characteristic = rest.pop() ?? '';
	const model = rest.join('/');
	return { provider, model, characteristic, isControl: CONTROL.test(provider) || CONTROL.test(model) };
}
