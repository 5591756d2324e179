import { Option } from 'commander';
import { matrixOptions } from './matrix-options.ts';
import { reporterOption } from '../screen/github.ts';
import { clusterName, listenAddress, names, pairs, whole } from './values.ts';
import type { OwnOption } from '../npm/taken-options.ts';
import * as shared from './shared-options.ts';
import { testOptions } from './test-options.ts';

/** The options of `run`, typed by `RunOptions`. A new list per call: commander keeps state in them. */
export function runOptions(): Option[] {
  return [
    new Option('--lab <name>', 'the lab (also TABLEFULL_LAB; default: netns)'),
    new Option(
      '--reuse <cluster>',
      'with --lab kind: a cluster created by `lab up`, instead of a new one',
    ).argParser(clusterName),
    new Option(
      '--kind-config <file>',
      'with --lab kind: the shape of the new cluster, as kind has it; further documents (a CNI) are applied to it',
    ).conflicts('reuse'),
    shared.squeezeOption(),
    new Option(
      '--remedy <names>',
      'only these, in this order: names, raise-max-to-N, sysctl:NAME=VALUE, or paths of remedies in YAML, of Kubernetes manifests or of folders with them; none: the symptom alone',
    ).argParser(names),
    new Option('--expect <name=status,…>', 'the expected status of a remedy or of `symptom`')
      .argParser(pairs)
      .default({}, 'the scenario’s'),
    new Option('--param <name=value>', 'a parameter of the scenario; repeatable')
      .argParser(pairs)
      .default({}, 'the first value of each'),
    new Option(
      '--control',
      'control run: everything but the fault; passes if the symptom does not occur',
    ).default(false),
    new Option(
      '--single-pass',
      'try each remedy on a fresh table only; confirm the fault once, after the last',
    ).default(false),
    new Option('--brief', 'the old name of --single-pass').implies({ singlePass: true }).hideHelp(),
    shared.seedOption(),
    new Option(
      '--pace <times>',
      'stretch the demand over this many times as long (default: what this machine keeps up with)',
    ).argParser(whole(1)),
    shared.waitOption(),
    new Option('--repeat <times>', 'repeat the run, each time with the next seed')
      .argParser(whole(1))
      .conflicts('keepLab'),
    ...shared.inconclusiveOptions().map((option) => option.conflicts('repeat')),
    shared.baselineOption().conflicts('repeat'),
    new Option('--out <folder>', 'the run’s folder (default: a new one in ./runs)'),
    reporterOption(),
    shared.jsonOption(),
    new Option('--quiet', 'print the verdict only').default(false),
    new Option('--verbose', 'print every change and the beginning of each phase, too').default(false),
    new Option('--figures', 'print all figures and reasons with the verdict').default(false),
    new Option('--hide-expected', 'predict first: say what each remedy will do, and compare after the run')
      .default(false)
      .conflicts(['json', 'quiet', 'repeat', 'dryRun']),
    shared.dryRunOption(),
    shared.noCommandsOption(),
    new Option('--ui', 'show the run live in a browser, at a printed address')
      .default(false)
      .conflicts(['repeat', 'dryRun']),
    new Option('--keep-lab', 'keep the lab after the verdict, until Ctrl-C').default(false),
  ];
}

/** The options of `run` that a lab to act in has as well. */
export function playOptions(): Option[] {
  return ofRun('lab', 'remedy', 'param', 'seed', 'pace', 'wait');
}

export function workshopOptions(): Option[] {
  return ofRun('seed', 'pace', 'wait');
}

/** `netns`, or `kind` for the lessons that have a form for a cluster. */
export function labOption(): Option[] {
  return ofRun('lab');
}

/** A trainer’s: a lab for each learner, and pages in the browser. */
export function seatOptions(): Option[] {
  return [
    new Option(
      '--seats <number>',
      'a lab and a page in the browser for each of this many learners, and one page for the trainer',
    ).argParser(whole(1)),
    new Option(
      '--listen <address>',
      'with --seats: where the pages are served, as ADDRESS, :PORT or ADDRESS:PORT (default: 127.0.0.1:8040)',
    ).argParser(listenAddress),
    new Option('--anew', 'with --seats: forget the progress and the links of the last class').default(false),
  ];
}

function ofRun(...names: readonly string[]): Option[] {
  return runOptions().filter((option) => names.includes(option.attributeName()));
}

/** All options, to detect those that npm consumed. */
export function ownOptions(): readonly OwnOption[] {
  const all = new Map(
    [...matrixOptions(), ...runOptions(), ...testOptions()].map((option) => [option.name(), option]),
  );
  return [...all.values()].map((option) => ({ name: option.name(), takesValue: option.required }));
}
