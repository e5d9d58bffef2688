#!/usr/bin/env python3
"""Reference numbers for the models of simple-linear-wdbc, from scikit-learn, SciPy and NumPy.

    python3 make.py > reference.json

All on the 569 samples of the Breast Cancer Wisconsin (Diagnostic) set as scikit-learn has it, standardised with
the population's deviation; y = +1 is benign. The numbers stand in the tests of src/method/separable.
"""
import json

import numpy as np
import scipy.optimize
import sklearn
from sklearn import datasets, metrics, svm, tree

raw, label = datasets.load_breast_cancer(return_X_y=True)
x = (raw - raw.mean(0)) / raw.std(0)
y = 2.0 * label - 1


def ridge_logistic(features, c):
    f = np.c_[features, np.ones(len(features))]
    ridge = np.ones(f.shape[1])
    ridge[-1] = 0

    def objective(theta):
        m = y * (f @ theta)
        s = 1 / (1 + np.exp(m))
        value = c * np.logaddexp(0, -m).sum() + 0.5 * (ridge * theta**2).sum()
        return value, -c * f.T @ (y * s) + ridge * theta

    def hessian(theta):
        s = 1 / (1 + np.exp(y * (f @ theta)))
        return c * f.T @ (f * (s * (1 - s))[:, None]) + np.diag(ridge)

    found = scipy.optimize.minimize(objective, np.zeros(f.shape[1]), jac=True, hess=hessian,
                                    method="trust-exact", options={"gtol": 1e-11, "maxiter": 1000})
    theta = found.x
    return {"objective": found.fun, "bias": theta[-1], "norm": np.linalg.norm(theta[:-1]),
            "weights": theta[:-1].tolist(), "accuracy": float(((f @ theta > 0) == (y > 0)).mean())}


def linear_svm(c):
    z = y[:, None] * np.c_[x, np.ones(len(x))]
    model = svm.LinearSVC(loss="hinge", C=c, tol=1e-10, max_iter=10_000_000, random_state=0).fit(x, y)
    w = np.r_[model.coef_[0], model.intercept_]
    return {"objective": 0.5 * w @ w + c * np.maximum(0, 1 - z @ w).sum(), "bias": w[-1],
            "norm": np.linalg.norm(w[:-1])}


def rbf_svm(features, c):
    gamma = 1 / (features.shape[1] * features.var())
    model = svm.SVC(C=c, gamma=gamma, tol=1e-10).fit(features, y)
    alpha = model.dual_coef_[0]
    k = metrics.pairwise.rbf_kernel(model.support_vectors_, gamma=gamma)
    return {"gamma": gamma, "bias": model.intercept_[0], "support_vectors": len(alpha),
            "dual": np.abs(alpha).sum() - 0.5 * alpha @ k @ alpha,
            "decisions": model.decision_function(features[[0, 100, 568]]).tolist()}


def small_tree(criterion):
    model = tree.DecisionTreeClassifier(criterion=criterion, max_depth=2, random_state=0).fit(raw, label)
    t = model.tree_
    return {"features": t.feature.tolist(), "thresholds": t.threshold.tolist(),
            "samples": t.n_node_samples.tolist()}


scores = np.array([0.1, 0.4, 0.35, 0.8, 0.4, 0.9, 0.05, 0.6])
truth = np.array([0, 0, 1, 1, 1, 1, 0, 0])
print(json.dumps({
    "versions": {"numpy": np.__version__, "scipy": scipy.__version__, "sklearn": sklearn.__version__},
    "logistic": {str(c): ridge_logistic(x, c) for c in (0.01, 1, 100)},
    "logistic_two_features": ridge_logistic(x[:, [20, 24]], 1),
    "linear_svm": linear_svm(1),
    "rbf_svm": rbf_svm(x, 1),
    "rbf_svm_raw": rbf_svm(raw, 1),
    "tree": {criterion: small_tree(criterion) for criterion in ("gini", "entropy")},
    "scores": {"auc": metrics.roc_auc_score(truth, scores), "log_loss": metrics.log_loss(truth, scores),
               "brier": metrics.brier_score_loss(truth, scores)},
}, indent=1))
