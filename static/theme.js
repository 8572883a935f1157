// Before the first paint, so that a dark room is not lit by a white flash. A file, not inline: the policy allows no more.
(() => {
	const chosen = (name) => {
		try {
			return localStorage.getItem(`sigmascope.${name}`);
		} catch {
			// Storage may be refused: then the system's preference holds.
			return null;
		}
	};
	const root = document.documentElement.dataset;
	const system = matchMedia('(prefers-color-scheme: dark)').matches ? 'dark' : 'light';
	const theme = chosen('theme');
	root.theme = ['light', 'dark', 'grey', 'contrast'].includes(theme) ? theme : system;
	root.density = chosen('density') ?? 'normal';
	root.motion = chosen('motion') ?? 'system';
})();
