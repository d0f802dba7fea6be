// The names of what a stream carries, as internal/frame lists them (a test compares). An EventSource hears only names
// that it was told of, so the set is here as well.

/** Numbered frames: each is a change, replayed after a reconnect. */
export const changes = ['event', 'violation', 'action', 'config_update', 'raid', 'appeal', 'export'];

/** For the visitor alone: no change, never replayed. */
export const personal = ['notification'];

/** Panels: only the latest of each counts. */
export const panels = [
  'panel-cards',
  'panel-activity',
  'panel-sources',
  'panel-kinds',
  'panel-targets',
  'panel-gaps',
  'panel-servers',
  'panel-gateway',
  'panel-checklist',
  'panel-health',
  'panel-found',
  'panel-severity',
  'panel-offenders',
  'stats',
  'metrics_update',
  'health_update',
];

/** What the stream says about itself. */
export const control = ['heartbeat', 'resync', 'refetch', 'end'];

export const names = [...changes, ...personal, ...panels, ...control];

/**
 * @typedef {object} Frame one frame as it came
 * @property {string} name
 * @property {string} data
 */

/**
 * @typedef {object} Change what belongs to one change; the stream says its number with the last of its frames
 * @property {number} seq
 * @property {Frame[]} frames
 */
