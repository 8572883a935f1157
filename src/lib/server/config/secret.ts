import { inspect } from 'node:util';
import { ConfigError, messageOf } from '#contracts/error.ts';

const REDACTED = '[redacted]';

/** A secret that shows itself only to who asks for it: logs, JSON and error texts get `[redacted]`. */
export interface Secret {
	/** Reads a file each time, so that a rotated secret takes effect. @throws ConfigError when it cannot be read */
	reveal(): string;
	toString(): string;
	toJSON(): string;
}

/**
 * A value of the configuration: `file:/run/secrets/x` is read when it is needed, anything else is the secret itself.
 *
 * @param readFile throws what `fs.readFileSync` throws
 */
export function createSecret(text: string, readFile: (path: string) => string): Secret {
	const path = isSecretFile(text) ? text.slice('file:'.length) : undefined;
	const redacted = () => REDACTED;
	const reveal = () => {
		if (path === undefined) return text;
		try {
			return readFile(path).replace(/\r?\n$/, '');
		} catch (error) {
			throw new ConfigError(`cannot read secret "${path}": ${messageOf(error)}`);
		}
	};
	return Object.freeze({ reveal, toString: redacted, toJSON: redacted, [inspect.custom]: redacted });
}

function isSecretFile(text: string): boolean {
	return text.startsWith('file:');
}
