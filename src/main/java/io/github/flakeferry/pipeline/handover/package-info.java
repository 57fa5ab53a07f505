/** What a job that builds hands to the one that deploys, and how that one checks it. */
@NullMarked
package io.github.flakeferry.pipeline.handover;

import org.jspecify.annotations.NullMarked;
