import "../../stacks/fast-synth";
