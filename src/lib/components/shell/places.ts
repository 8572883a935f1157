import * as m from '#messages';

/** Where the menu and the palette lead. */
export interface Place {
	readonly href: string;
	readonly title: string;
	/** What it is for, in a line. */
	readonly hint: string;
	/** Beside the name of the product; the others are under "More". */
	readonly isMain: boolean;
	/** Addresses that belong to it besides its own. */
	readonly also?: readonly string[];
}

/** What who looks may do, and what there is to look at. */
export interface Standpoint {
	readonly mayRead: boolean;
	/** Of the whole server. */
	readonly mayReadAll: boolean;
	readonly mayAdminister: boolean;
	readonly hasModels: boolean;
}

type Shown = (at: Standpoint) => boolean;
const anyone: Shown = () => true;
const readers: Shown = (at) => at.mayRead;
const servers: Shown = (at) => at.mayReadAll;
const admins: Shown = (at) => at.mayAdminister;
const askers: Shown = (at) => at.mayRead && at.hasModels;

const main = { isMain: true } as const;
const more = { isMain: false } as const;

/** In the order of the menu. A new page is one line. */
const allPlaces = (): readonly (Place & { readonly shows: Shown })[] => [
	{
		...main,
		href: '/',
		title: m.shell_overview(),
		hint: m.shell_what_needs_somebody_all_streams(),
		also: ['/streams'],
		shows: anyone,
	},
	{
		...main,
		href: '/violations',
		title: m.shell_violations(),
		hint: m.shell_signals_who_looks_after_them_causes(),
		shows: anyone,
	},
	{
		...main,
		href: '/explore',
		title: m.shell_explore(),
		hint: m.shell_several_streams_on_one_time_axis(),
		shows: anyone,
	},
	{ ...main, href: '/boards', title: m.shell_boards(), hint: m.shell_walls_and_dashboards(), shows: anyone },
	{ ...main, href: '/search', title: m.shell_search(), hint: m.shell_documents_logs_error_codes(), shows: readers },
	{
		...main,
		href: '/compare',
		title: m.shell_compare(),
		hint: m.shell_models_side_by_side(),
		also: ['/calls'],
		shows: askers,
	},
	{
		...more,
		href: '/calls',
		title: m.shell_calls(),
		hint: m.shell_calls_of_language_models_and_their(),
		shows: askers,
	},
	{
		...more,
		href: '/sessions',
		title: m.shell_sessions(),
		hint: m.shell_named_stretches_exports_reports(),
		shows: readers,
	},
	{ ...more, href: '/alerts', title: m.shell_alerts(), hint: m.shell_routes_channels_what_was_sent(), shows: servers },
	{ ...more, href: '/collectors', title: m.shell_collectors(), hint: m.shell_what_is_read(), shows: servers },
	{ ...more, href: '/system', title: m.shell_system(), hint: m.shell_queues_lags_collectors_disk(), shows: servers },
	{
		...more,
		href: '/displays',
		title: m.shell_displays(),
		hint: m.shell_screens_on_walls_and_how_each(),
		shows: admins,
	},
	{ ...more, href: '/people', title: m.shell_people(), hint: m.shell_accounts_roles_invitations(), shows: admins },
	{ ...more, href: '/keys', title: m.shell_keys(), hint: m.shell_api_keys_and_screens(), shows: admins },
	{ ...more, href: '/audit', title: m.shell_audit(), hint: m.shell_who_did_what_when_from_where(), shows: admins },
	{ ...more, href: '/status', title: m.status_title(), hint: m.status_hint(), shows: anyone },
	{ ...more, href: '/start', title: m.start_title(), hint: m.start_hint(), shows: servers },
	{ ...more, href: '/glossary', title: m.shell_glossary(), hint: m.shell_the_words_of_control_charts(), shows: anyone },
	{
		...more,
		href: '/settings',
		title: m.shell_settings(),
		hint: m.shell_theme_density_time_zone_shortcuts(),
		shows: anyone,
	},
	{ ...more, href: '/design', title: m.shell_design(), hint: m.shell_design_hint(), shows: admins },
	{ ...more, href: '/api/docs', title: 'API', hint: m.shell_every_route_with_its_shapes(), shows: readers },
];

export function placesFor(at: Standpoint): readonly Place[] {
	return allPlaces().filter(({ shows }) => shows(at));
}

/** @returns whether a page of this address belongs there */
export function isAt(place: Place, path: string): boolean {
	return [place.href, ...(place.also ?? [])].some(
		(start) => path === start || (start !== '/' && path.startsWith(`${start}/`)),
	);
}
