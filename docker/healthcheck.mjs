// Healthy means: points can be journaled (/readyz). Says in one line what is not.
const url = `http://127.0.0.1:${process.env.PORT || 3000}/readyz`;
try {
	const answer = await fetch(url, { signal: AbortSignal.timeout(4000) });
	process.stdout.write(`${(await answer.text()).trim()}\n`);
	process.exitCode = answer.ok ? 0 : 1;
} catch (error) {
	process.stdout.write(`${url}: ${error.cause?.message ?? error.message}\n`);
	process.exitCode = 1;
}
