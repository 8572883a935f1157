/** Environment as it is handed in; an empty variable counts as set for `${VAR}`, as unset for `:-` and `:?`. */
export type Env = Readonly<Record<string, string | undefined>>;

const REFERENCE = /\$\$\{|\$\{([^}]*)(\}?)/g;
const BODY = /^([A-Za-z_][A-Za-z0-9_]*)(?::([-?])([\s\S]*))?$/;

/**
 * Replaces `${VAR}`, `${VAR:-default}` and `${VAR:?message}`; `$${` is a literal `${`. Done on scalars after parsing, so
 * a variable can never bring structure into the file.
 *
 * @returns the text and what is wrong with it; a fault names the variable and never its value
 */
export function interpolate(text: string, env: Env): { readonly text: string; readonly faults: readonly string[] } {
	const faults: string[] = [];
	const replaced = text.replace(REFERENCE, (whole, body: string | undefined, end: string | undefined) => {
		if (body === undefined) return '${';
		const match = BODY.exec(body);
		if (!match || end !== '}') {
			faults.push(`${JSON.stringify(whole)} is no reference: write \${VAR}, \${VAR:-default} or \${VAR:?message}`);
			return '';
		}
		const [, name = '', operator, rest = ''] = match;
		const value = env[name];
		if (operator === '-') return value || rest;
		if (operator === '?' && !value) faults.push(`${name}: ${rest || 'is not set'}`);
		else if (value === undefined) faults.push(`the environment variable ${name} is not set`);
		return value ?? '';
	});
	return { text: replaced, faults };
}
