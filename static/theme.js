// Before the first paint, so that a dark room is not lit by a white flash. A file, not inline: the policy allows no more.
(() => {
	let chosen = null;
	try {
		chosen = localStorage.getItem('sigmascope.theme');
	} catch {
		// Storage may be refused: then the system's preference holds.
	}
	const dark = chosen ? chosen === 'dark' : matchMedia('(prefers-color-scheme: dark)').matches;
	document.documentElement.dataset.theme = dark ? 'dark' : 'light';
})();
