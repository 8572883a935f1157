import type { ApiEvent } from '#contracts/api.ts';
import type { EventKind } from '#contracts/event.ts';
import * as m from '#messages';

const KINDS: Readonly<Record<EventKind, () => string>> = {
	deploy: m.format_event_deploy,
	'model-version': m.format_event_model_version,
	setpoint: m.format_event_setpoint,
	recipe: m.format_event_recipe,
	tool: m.format_event_tool,
	material: m.format_event_material,
	lot: m.format_event_lot,
	part: m.format_event_part,
	operator: m.format_event_operator,
	shift: m.format_event_shift,
	mode: m.format_event_mode,
	maintenance: m.format_event_maintenance,
	collector: m.format_event_collector,
	note: m.format_event_note,
};

export function eventKindWords(kind: EventKind): string {
	return KINDS[kind]();
}

/** @returns the title; where that is the bare value of a tag, `4711`, with what it is a value of: `Lot: 4711` */
export function eventTitle({ kind, title, attributes }: Pick<ApiEvent, 'kind' | 'title' | 'attributes'>): string {
	const isBare = 'tag' in attributes && attributes['value'] === title;
	return isBare ? m.format_event_of_tag({ kind: eventKindWords(kind), value: title }) : title;
}
