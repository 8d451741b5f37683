/** The hooks by which tests, labels and the focus find an element again. */
export const hooks = (element, block) =>
  ({ "data-action-id": element.action_id, "data-block-id": block.block_id });
